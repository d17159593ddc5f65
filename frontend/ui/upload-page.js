// One upload opened into its board: who sends what, how far it is, what this device can do.

import { stageOf } from "../engine/stages.js";
import { verbs } from "../engine/board.js";
import { html } from "../vendor/preact.js";
import { explain } from "./banners.js";
import { Bar } from "./bar.js";
import { BoardMap } from "./board-map.js";
import { Devices } from "./devices.js";
import { Icon } from "./icons.js";
import { Chip, Progress, Remark, Verbs } from "./transfer-card.js";
import { groupName } from "./uploads.js";

/** @typedef {import("../app/app.js").App} App
 *  @typedef {import("../engine/messages.js").Upload} Upload */

/** @param {{app: App}} props */
export function UploadPage({ app }) {
  const { texts } = app.words;
  const { board, refused } = app.looking;
  return html`
    <p>
      <a href="#/" class="back"><${Icon} name="back" />${texts.back}</a>
    </p>
    ${refused && html`<p class="banner bad" role="alert">${explain(refused, texts)}</p>`}
    ${!board && !refused && html`<p class="faint">${texts.loading}</p>`}
    ${board && html`<${Open} app=${app} upload=${board.upload} board=${board.board} />`}
  `;
}

/** @param {{app: App, upload: Upload, board: import("../engine/messages.js").Board}} props */
function Open({ app, upload, board }) {
  const { texts, format } = app.words;
  const shown = app.looking.shown(upload);
  const status = /** @type {Record<string, string>} */ (texts.status)[shown] ?? shown;
  return html`
    <div class="heading">
      <h1 class="name">${upload.name}</h1>
      <span class=${`chip ${shown}`}>${status}</span>
    </div>
    <p class="faint">
      ${[texts.by(upload.owner, groupName(app, upload.group)), format.size(upload.size), format.moment(upload.created_at)].join(" · ")}
    </p>
    <${Whole} app=${app} upload=${upload} status=${status} />
    <${UploadVerbs} app=${app} upload=${upload} />
    ${stageOf(upload.status) !== "over" && html`<${Own} app=${app} upload=${upload} />`}
    <${BoardMap} app=${app} upload=${upload} board=${board} />
    <${Devices} app=${app} upload=${upload} clients=${board.clients} />
    <${Details} app=${app} upload=${upload} />
  `;
}

/** @param {{app: App, upload: Upload, status: string}} props */
function Whole({ app, upload, status }) {
  const { texts, format } = app.words;
  const own = app.transfers.of(upload.id);
  const { share, bytesDone, rate, devices, etaS, aloneS } = (
    own?.state === "active" ? own : app.looking.tally
  ).progress(performance.now() / 1000);
  const figures = [
    `${format.percent(share)} · ${texts.of(format.size(bytesDone), format.size(upload.size))}`,
  ];
  if (rate) figures.push(texts.together(texts.aRate(format.size(rate)), Math.max(1, devices)));
  if (etaS) figures.push(texts.left(format.span(etaS)));
  const hint = /** @type {Record<string, string>} */ (texts.statusHint)[app.looking.shown(upload)];
  return html`
    <${Bar}
      share=${share}
      label=${texts.progressOf(upload.name)}
      text=${`${status}, ${format.percent(share)}`}
      kind=${`tall ${upload.status}`}
    />
    <p class="figures number large">${figures.join(" · ")}</p>
    ${aloneS && devices > 1 && html`<p class="faint">${texts.alone(format.span(aloneS))}</p>`}
    ${hint && html`<p class="faint">${hint}</p>`}
    ${upload.reason && html`<p class="bad">${upload.reason}</p>`}
  `;
}

/** @param {{app: App, upload: Upload}} props */
function UploadVerbs({ app, upload }) {
  const { texts } = app.words;
  const may = verbs(upload);
  return html`
    <div class="buttons">
      ${may.download && html`<button class="main" onClick=${() => app.download(upload)}><${Icon} name="download" />${texts.download}</button>`}
      ${may.pause && html`<button onClick=${() => app.move(upload, "pause")}><${Icon} name="pause" />${texts.pauseAll}</button>`}
      ${may.resume && html`<button class="main" onClick=${() => app.move(upload, "resume")}><${Icon} name="play" />${texts.resumeEverywhere}</button>`}
      ${may.help && html`<button onClick=${() => app.show({ kind: "share", upload })}><${Icon} name="device" />${texts.invite}</button>`}
      ${may.cancel && html`<button onClick=${() => app.cancelUpload(upload)}>${texts.cancel}</button>`}
      ${may.delete && html`<button onClick=${() => app.deleteUpload(upload)}>${texts.delete}</button>`}
    </div>
  `;
}

/** What this device does for it. @param {{app: App, upload: Upload}} props */
function Own({ app, upload }) {
  const { texts } = app.words;
  const own = app.transfers.of(upload.id);
  if (own && own.state !== "cancelled")
    return html`<section class=${`card transfer ${own.state}`} aria-labelledby="own">
      <div class="heading">
        <h2 id="own">${texts.thisDevice}</h2>
        <${Chip} app=${app} transfer=${own} />
      </div>
      <${Sent} app=${app} transfer=${own} />
      <${Verbs} app=${app} transfer=${own} onBoard />
    </section>`;
  if (!app.helpable()) return null;
  return html`<section class="card help" aria-labelledby="own">
    <h2 id="own">${texts.thisDevice}</h2>
    <p>${texts.notHelping} <span class="faint">${texts.helpHint}</span></p>
    <div class="buttons">
      <button class="main" onClick=${() => app.help(upload)}><${Icon} name="hand" />${texts.help}</button>
    </div>
  </section>`;
}

/** @param {{app: App, transfer: import("../app/transfer.js").Transfer}} props */
function Sent({ app, transfer }) {
  const { texts, format } = app.words;
  if (transfer.state === "checking") return html`<${Progress} app=${app} transfer=${transfer} />`;
  if (transfer.state !== "active") return html`<${Remark} app=${app} transfer=${transfer} />`;
  const figures = [texts.brought(format.size(transfer.kept.ownBytes))];
  if (transfer.rate) figures.push(texts.aRate(format.size(transfer.rate)));
  if (transfer.sending) figures.push(texts.inFlight(transfer.sending));
  return html`<p class="number">${figures.join(" · ")}</p>
    ${transfer.resting && html`<p class="faint">${texts.resting}</p>`}`;
}

/** @param {{app: App, upload: Upload}} props */
function Details({ app, upload }) {
  const { texts, format } = app.words;
  return html`
    <details class="details">
      <summary>${texts.details}</summary>
      <dl>
        <dt>${texts.identity}</dt>
        <dd><code>${upload.id}</code></dd>
        <dt>${texts.owner}</dt>
        <dd>${upload.owner}</dd>
        <dt>${texts.begun}</dt>
        <dd>${format.moment(upload.created_at)}</dd>
        <dt>${texts.partSize}</dt>
        <dd>${format.size(upload.part_size)} × ${format.count(upload.parts)}</dd>
        ${
          upload.checksum &&
          html`<dt>${texts.checksum}</dt>
            <dd><code>${upload.checksum}</code></dd>`
        }
      </dl>
    </details>
  `;
}
