// What concerns the whole page: no network, no sign-in, something went wrong.

import { html } from "../vendor/preact.js";
import { Icon } from "./icons.js";

/** @param {{app: import("../app/app.js").App}} props */
export function Banners({ app }) {
  const { texts } = app.words;
  const said = explain(app.trouble, texts);
  return html`
    <div role="status">${!app.online && html`<p class="banner warn">${texts.offline}</p>`}</div>
    <div role="alert">
      ${
        app.mustSignIn &&
        html`<p class="banner warn">
          <span>${texts.signInAgain}</span>
          <button class="main" onClick=${() => app.signInAgain()}>${texts.signIn}</button>
        </p>`
      }
      ${
        said &&
        html`<p class="banner bad">
          <span>${said}</span>
          <button class="quiet" aria-label=${texts.close} onClick=${() => app.understood()}>
            <${Icon} name="close" />
          </button>
        </p>`
      }
    </div>
  `;
}

/** A problem in the reader's language, else in the service's own words.
 * @param {{code: string, message: string} | undefined} problem
 * @param {import("../texts/en.js").Texts} texts @returns {string} "" for none */
export function explain(problem, texts) {
  if (!problem?.code) return "";
  const known = /** @type {Record<string, string>} */ (texts.problem);
  return known[problem.code] || problem.message || known.defect;
}
