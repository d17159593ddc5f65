// The devices at work: who, how much, how fast, when last heard of.

import { hue, letter } from "../engine/board.js";
import { isPresent } from "../engine/tally.js";
import { html } from "../vendor/preact.js";

/** @typedef {import("../engine/messages.js").Client} Client */

/** @param {{app: import("../app/app.js").App, upload: import("../engine/messages.js").Upload, clients: Client[]}} props */
export function Devices({ app, upload, clients }) {
  const { texts } = app.words;
  return html`
    <section aria-labelledby="devices">
      <h2 id="devices">${texts.devices}</h2>
      ${clients.length ? html`<${Table} app=${app} upload=${upload} clients=${clients} />` : html`<p class="faint">${texts.noDevices}</p>`}
    </section>
  `;
}

/** @param {{app: import("../app/app.js").App, upload: import("../engine/messages.js").Upload, clients: Client[]}} props */
function Table({ app, upload, clients }) {
  const { texts } = app.words;
  return html`
    <div class="wide" tabindex="0" role="group" aria-labelledby="devices">
      <table>
        <thead>
          <tr>
            <th scope="col">${texts.device}</th>
            <th scope="col">${texts.person}</th>
            <th scope="col" class="number">${texts.parts}</th>
            <th scope="col" class="number">${texts.share}</th>
            <th scope="col" class="number">${texts.speed}</th>
            <th scope="col" class="number">${texts.lastSeen}</th>
          </tr>
        </thead>
        <tbody>
          ${clients.map((client) => html`<${Row} key=${client.number} app=${app} upload=${upload} client=${client} />`)}
        </tbody>
      </table>
    </div>
  `;
}

/** @param {{app: import("../app/app.js").App, upload: import("../engine/messages.js").Upload, client: Client}} props */
function Row({ app, upload, client }) {
  const { texts, format } = app.words;
  const age = app.looking.tally.age(performance.now() / 1000);
  const working = isPresent(client, age) && upload.status === "active";
  const seenS = client.seen_s + age;
  const own = app.transfers.of(upload.id)?.number === client.number;
  const share = upload.size ? client.bytes / upload.size : 0;
  const seen = seenS < 5 ? texts.now : format.ago(seenS);
  return html`
    <tr class=${client.alive ? "" : "faint"}>
      <th scope="row">
        <span class="badge" style=${{ background: `hsl(${hue(client.number)} 62% 42%)` }}
          >${letter(client.number)}</span
        >
        ${client.label}${own && html` <span class="faint">(${texts.you})</span>`}
      </th>
      <td>${client.person}</td>
      <td class="number">
        ${format.count(client.parts)}${working && client.held.length > 0 && html`<span class="faint" title=${texts.inFlight(client.held.length)}> +${client.held.length}</span>`}
      </td>
      <td class="number">${format.percent(share)}</td>
      <td class="number">
        ${working && client.held.length && client.rate ? texts.aRate(format.size(client.rate)) : "–"}
      </td>
      <td class="number">${client.alive ? seen : texts.gone}</td>
    </tr>
  `;
}
