// What a screen reader says by itself: every tenth of an upload, and what became of it.
//
// A progress bar is no live region; this text is, and it is polite. Source: W3C ARIA25.

import { html, useEffect, useRef, useState } from "../vendor/preact.js";

/** @param {{app: import("../app/app.js").App}} props */
export function Spoken({ app }) {
  const [text, setText] = useState("");
  const said = useRef(new Map());
  useEffect(() => {
    const news = changes(app, said.current);
    if (news) setText(news);
  });
  return html`<p class="unseen" aria-live="polite">${text}</p>`;
}

/** What is new since it was last said. @param {import("../app/app.js").App} app
 * @param {Map<string, {state: string, tenth: number}>} said */
function changes(app, said) {
  const { texts } = app.words;
  const news = [];
  for (const [id, name, state, share] of subjects(app)) {
    const tenth = Math.floor(share * 10) * 10;
    const before = said.get(id);
    said.set(id, { state, tenth });
    if (!before) continue;
    if (before.state !== state) news.push(texts.spokenState(name, state));
    else if (before.tenth !== tenth) news.push(texts.spoken(name, tenth));
  }
  return news.join(" ");
}

/** @param {import("../app/app.js").App} app @returns {[string, string, string, number][]} id, name, state, share */
function subjects(app) {
  const { texts } = app.words;
  const upload = app.route ? app.looking.board?.upload : undefined;
  if (upload) {
    const status = /** @type {Record<string, string>} */ (texts.status)[upload.status];
    return [[upload.id, upload.name, status, upload.size ? upload.bytes_done / upload.size : 1]];
  }
  const own = app.transfers.list.filter((t) => t.state !== "unauthorized");
  return own.map((t) => [t.id, t.kept.name, texts.state[t.state], t.progress().share]);
}
