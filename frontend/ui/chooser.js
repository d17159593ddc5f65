// Choosing files, and the group that they are for.

import { html, useState } from "../vendor/preact.js";
import { Field } from "./field.js";
import { Icon } from "./icons.js";

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

/** What is chosen and not yet given to a group.
 * @param {{app: import("../app/app.js").App, waiting: import("../app/transfer.js").Transfer[],
 *   groups: import("../engine/wire.js").Group[]}} props */
function Tray({ app, waiting, groups }) {
  const { texts, format } = app.words;
  const known = groups.find(({ id }) => id === app.settings.group) ?? groups[0];
  const [group, setGroup] = useState(known.id);
  const total = waiting.reduce((sum, { kept }) => sum + kept.size, 0);
  const removeAll = () => waiting.forEach((t) => app.remove(t));
  return html`
    <section class="card tray" aria-labelledby="tray">
      <h2 id="tray">${texts.chosen(waiting.length)} <span class="faint">· ${format.size(total)}</span></h2>
      <ul class="files">
        ${waiting.map(
          (t) =>
            html`<li key=${t.id}>
              <span class="name">${t.kept.name}</span>
              <span class="faint number">${format.size(t.kept.size)}</span>
              <button class="quiet" aria-label=${texts.removeOne(t.kept.name)} onClick=${() => app.remove(t)}>
                <${Icon} name="close" />
              </button>
            </li>`,
        )}
      </ul>
      <div class="row">
        <${Field}
          id="tray-group"
          label=${texts.group}
          hint=${groups.find(({ id }) => id === group)?.personal ? texts.personalHint : texts.groupHint}
        >
          ${(/** @type {object} */ its) =>
            html`<select
              ...${its}
              value=${group}
              onChange=${(/** @type {any} */ e) => setGroup(e.target.value)}
            >
              ${groups.map((g) => html`<option key=${g.id} value=${g.id}>${g.personal ? texts.personal : g.name}</option>`)}
            </select>`}
        <//>
        <div class="buttons">
          <button class="main" onClick=${() => app.upload(group)}>${texts.upload(waiting.length)}</button>
          <button class="quiet" onClick=${removeAll}>${texts.removeAll}</button>
        </div>
      </div>
    </section>
  `;
}
