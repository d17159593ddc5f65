import { html } from "../vendor/preact.js";

/** Before the sign-in: what this is. @param {{app: import("../app/app.js").App}} props */
export function Welcome({ app }) {
  const { texts } = app.words;
  return html`
    <section class="welcome">
      <${Picture} />
      <h1>${texts.claim}</h1>
      <p>${texts.promise}</p>
      <button class="main big" onClick=${() => app.signIn()}>${texts.signIn}</button>
    </section>
  `;
}

/** A file of three colours, each from another device. */
function Picture() {
  const cells = "AABABCAACABBACABCAABACBAABCA".split("");
  return html`
    <svg class="picture" viewBox="0 0 140 40" aria-hidden="true">
      ${cells.map((c, i) => html`<rect key=${i} class=${`device-${c}`} x=${(i % 14) * 10 + 1} y=${Math.floor(i / 14) * 10 + 11} width="8" height="8" rx="2" />`)}
    </svg>
  `;
}
