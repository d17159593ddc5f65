// The uploads of one's groups that this device does not carry.

import { html, useState } from "../vendor/preact.js";
import { Bar } from "./bar.js";
import { Field } from "./field.js";

/** @typedef {import("../app/app.js").App} App
 *  @typedef {import("../engine/messages.js").Upload} Upload */

/** @param {{app: App}} props */
export function Uploads({ app }) {
  const { texts } = app.words;
  const [group, setGroup] = useState("");
  const carried = new Set(app.transfers.list.map((t) => t.kept.upload));
  const shown = app.looking.uploads.filter((u) => !carried.has(u.id) && (!group || u.group === group));
  return html`
    <section aria-labelledby="everywhere">
      <div class="heading">
        <h2 id="everywhere">${texts.everywhere}</h2>
        ${app.me && app.me.groups.length > 1 && html`<${Groups} app=${app} groups=${app.me.groups} group=${group} choose=${setGroup} />`}
      </div>
      <${List} app=${app} uploads=${shown} />
      ${app.looking.hasMore && html`<button onClick=${() => app.looking.more()}>${texts.more}</button>`}
    </section>
  `;
}

/** @param {{app: App, uploads: Upload[]}} props */
function List({ app, uploads }) {
  const { texts } = app.words;
  if (!app.looking.listed) return html`<p class="faint">${texts.loading}</p>`;
  if (!uploads.length) return html`<p class="faint">${texts.nothingAnywhere}</p>`;
  return html`<ul class="cards">
    ${uploads.map((upload) => html`<${Row} key=${upload.id} app=${app} upload=${upload} />`)}
  </ul>`;
}

/** @param {{app: App, groups: import("../engine/messages.js").Group[], group: string,
 *   choose: (group: string) => void}} props */
function Groups({ app, groups, group, choose }) {
  const { texts } = app.words;
  return html`
    <${Field} id="list-group" label=${texts.group} inline>
      ${(/** @type {object} */ its) =>
        html`<select ...${its} value=${group} onChange=${(/** @type {any} */ e) => choose(e.target.value)}>
          <option value="">${texts.allGroups}</option>
          ${groups.map((g) => html`<option key=${g.id} value=${g.id}>${g.personal ? texts.personal : g.name}</option>`)}
        </select>`}
    <//>
  `;
}

/** @param {{app: App, upload: Upload}} props */
function Row({ app, upload }) {
  const { texts, format } = app.words;
  const share = upload.size ? upload.bytes_done / upload.size : Number(upload.status === "complete");
  const shown = app.looking.shown(upload);
  const status = /** @type {Record<string, string>} */ (texts.status)[shown] ?? shown;
  const moving = ["active", "paused", "assembling"].includes(upload.status);
  const sizes = moving
    ? texts.of(format.size(upload.bytes_done), format.size(upload.size))
    : format.size(upload.size);
  return html`
    <li>
      <a class="card row-link" href=${`#/uploads/${upload.id}`}>
        <span class="heading"
          ><strong class="name">${upload.name}</strong><span class=${`chip ${shown}`}>${status}</span></span
        >
        ${moving && html`<${Bar} share=${share} label=${texts.progressOf(upload.name)} text=${`${status}, ${format.percent(share)}`} kind=${upload.status} />`}
        <span class="faint number"
          >${[sizes, texts.by(upload.owner, groupName(app, upload.group)), format.moment(upload.created_at)].join(" · ")}</span
        >
      </a>
    </li>
  `;
}

/** @param {App} app @param {string} id */
export function groupName(app, id) {
  const group = app.me?.groups.find((g) => g.id === id);
  return group?.personal ? app.words.texts.personal : (group?.name ?? id);
}
