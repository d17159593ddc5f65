// Choosing files.

import { html } from "../vendor/preact.js";
import { Icon } from "./icons.js";
import { lazy } from "./lazy.js";

const Tray = lazy(async () => (await import("./tray.js")).Tray, { soon: true });

/** @param {{app: import("../app/app.js").App}} props */
export function Chooser({ app }) {
  const { texts } = app.words;
  const waiting = app.transfers.list.filter((t) => t.state === "unauthorized");
  return html`
    <section class=${waiting.length ? "chooser chosen" : "chooser"}>
      <${Icon} name="upload" />
      <p class="large wide-only">${texts.dropHere}</p>
      <p class="faint wide-only">${texts.orPaste}</p>
      <div class="buttons">
        <button class=${waiting.length ? "" : "main"} disabled=${!app.me} onClick=${() => app.chooseFiles()}>
          ${texts.chooseFiles}
        </button>
        <button class="wide-only" disabled=${!app.me} onClick=${() => app.chooseFolder()}>
          ${texts.chooseFolder}
        </button>
      </div>
    </section>
    ${waiting.length > 0 && app.me && html`<${Tray} app=${app} waiting=${waiting} groups=${app.me.groups} />`}
  `;
}
