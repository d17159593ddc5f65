// What only the element says; the rest is in texts/.

import { wordsFor } from "../texts/index.js";

/** @type {Record<string, {drop: string, problem: Record<string, string>}>} */
export const WORDS = {
  en: {
    drop: "Drop files here, or",
    problem: {
      one_file: "One file can be given here at a time. Nothing was taken; drop just one.",
      no_service:
        "The upload service is not where this page looks for it. Please tell whoever runs this page.",
      not_embedded: "The upload service does not know this page. Please tell whoever runs this page.",
    },
  },
  de: {
    drop: "Dateien hierher ziehen oder",
    problem: {
      one_file:
        "Hier kann nur eine Datei auf einmal gegeben werden. Keine wurde genommen; bitte nur eine ziehen.",
      no_service:
        "Der Upload-Dienst ist nicht da, wo diese Seite ihn sucht. Bitte sagen Sie es dem Betreiber der Seite.",
      not_embedded: "Der Upload-Dienst kennt diese Seite nicht. Bitte sagen Sie es dem Betreiber der Seite.",
    },
  },
};

/** The page's words, with the element's own problems among them. @param {string} language */
export async function wordsOf(language) {
  const words = await wordsFor(language);
  const problem = { ...words.texts.problem, ...WORDS[words.code].problem };
  return { ...words, texts: { ...words.texts, problem } };
}
