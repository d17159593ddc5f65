// What is chosen and not yet given to a group.

import { html, useState } from "../vendor/preact.js";
import { Field } from "./field.js";
import { Icon } from "./icons.js";

/** @param {{app: import("../app/app.js").App, waiting: import("../app/transfer.js").Transfer[],
 *   groups: import("../engine/messages.js").Group[]}} props */
export function Tray({ app, waiting, groups }) {
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
