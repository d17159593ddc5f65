// One transfer of this device: its state in words, how far it is, what can be done.

import { html } from "../vendor/preact.js";
import { explain } from "./banners.js";
import { Bar } from "./bar.js";
import { Icon } from "./icons.js";

/** @typedef {import("../app/app.js").App} App
 *  @typedef {import("../app/transfer.js").Transfer} Transfer */

/** @param {{app: App, transfer: Transfer}} props */
export function TransferCard({ app, transfer }) {
  const { kept } = transfer;
  const drag = useOrder(app, transfer);
  return html`
    <li class=${`card transfer ${transfer.state}`} ...${drag}>
      <div class="heading">
        <h3 class="name">
          ${kept.upload ? html`<a href=${`#/uploads/${kept.upload}`}>${kept.name}</a>` : kept.name}
        </h3>
        <${Chip} app=${app} transfer=${transfer} />
      </div>
      <${Progress} app=${app} transfer=${transfer} />
      <${Verbs} app=${app} transfer=${transfer} />
    </li>
  `;
}

/** @param {{app: App, transfer: Transfer}} props */
export function Chip({ app, transfer }) {
  return html`<span class=${`chip ${transfer.state}`}>${app.words.texts.state[transfer.state]}</span>`;
}

/** @param {{app: App, transfer: Transfer}} props */
export function Progress({ app, transfer }) {
  const { texts, format } = app.words;
  const { kept, state } = transfer;
  const checking = state === "checking";
  const share = checking
    ? transfer.checked
    : Math.max(transfer.progress().share, state === "complete" ? 1 : kept.share);
  const figures = checking ? format.percent(share) : figuresOf(app, transfer, share);
  return html`
    <${Bar}
      share=${share}
      label=${texts.progressOf(kept.name)}
      text=${`${texts.state[state]}, ${format.percent(share)}`}
      kind=${state}
    />
    <p class="figures number">${figures}</p>
    <${Remark} app=${app} transfer=${transfer} />
  `;
}

/** What its state means. @param {{app: App, transfer: Transfer}} props */
export function Remark({ app, transfer }) {
  return html`<p class=${transfer.state === "failed" ? "bad" : "faint"}>${remark(app, transfer)}</p>`;
}

/** @param {App} app @param {Transfer} transfer @param {number} share */
function figuresOf(app, transfer, share) {
  const { texts, format } = app.words;
  const { size } = transfer.kept;
  const { rate, devices, etaS } = transfer.progress();
  const parts = [`${format.percent(share)} · ${texts.of(format.size(size * share), format.size(size))}`];
  if (transfer.state !== "active") return parts[0];
  const together = Math.max(1, devices);
  if (rate) parts.push(texts.together(texts.aRate(format.size(rate)), together));
  if (transfer.rate && together > 1) parts.push(texts.fromHere(texts.aRate(format.size(transfer.rate))));
  if (etaS) parts.push(texts.left(format.span(etaS)));
  return parts.join(" · ");
}

/** @param {App} app @param {Transfer} transfer */
function remark(app, transfer) {
  const { texts } = app.words;
  const { state, why, kept } = transfer;
  if (state === "failed") return explain(kept.problem, texts);
  if (transfer.resting) return texts.resting;
  if (
    state === "paused" &&
    app.looking.board?.upload.id === kept.upload &&
    app.looking.board.upload.status === "paused"
  )
    return texts.pausedTwice;
  if (state === "suspended" && why) return texts.why[why];
  if (state === "complete" && kept.already) return texts.already;
  if (state === "queued" && kept.ownBytes) return texts.queuedHalfway;
  return texts.stateHint[state];
}

/** `onBoard`: beside the verbs for everybody, where cancelling is offered already.
 * @param {{app: App, transfer: Transfer, onBoard?: boolean}} props */
export function Verbs({ app, transfer, onBoard = false }) {
  const { texts } = app.words;
  const { verbs, kept } = transfer;
  return html`
    <div class="buttons">
      ${verbs.pause && html`<button onClick=${() => app.pause(transfer)}><${Icon} name="pause" />${texts.pauseHere}</button>`}
      ${
        verbs.start &&
        html`<button
          class=${transfer.state === "paused" ? "main" : ""}
          onClick=${() => app.startNow(transfer)}
        >
          <${Icon} name="play" />${transfer.state === "paused" ? texts.resume : texts.startNow}
        </button>`
      }
      ${verbs.allow && html`<button class="main" onClick=${() => app.resume(transfer)}><${Icon} name="play" />${texts.allow}</button>`}
      ${verbs.choose && html`<button class="main" onClick=${() => app.provide(transfer)}>${texts.choose}</button>`}
      ${verbs.retry && html`<button class="main" onClick=${() => app.retry(transfer)}>${transfer.lacksItsFile ? texts.choose : texts.retry}</button>`}
      ${verbs.move && html`<${Moves} app=${app} transfer=${transfer} />`}
      ${verbs.dequeue && html`<button onClick=${() => app.pause(transfer)}>${texts.dequeue}</button>`}
      ${verbs.cancel && kept.upload && !onBoard && html`<button class="cancel" onClick=${() => app.cancelTransfer(transfer)}>${texts.cancel}</button>`}
      ${
        (verbs.remove || (verbs.cancel && !kept.upload)) &&
        html`<button onClick=${() => app.remove(transfer)}>
          ${kept.yours || verbs.retry ? texts.remove : texts.stopHelping}
        </button>`
      }
    </div>
  `;
}

/** @param {{app: App, transfer: Transfer}} props */
function Moves({ app, transfer }) {
  const { texts } = app.words;
  const queued = app.transfers.list.filter((t) => t.state === "queued");
  if (queued.length < 2) return null;
  const at = queued.indexOf(transfer);
  const move = (/** @type {-1 | 1} */ step) => () => app.transfers.move(transfer, step);
  return html`
    <button
      aria-label=${`${texts.earlier}: ${transfer.kept.name}`}
      title=${texts.earlier}
      disabled=${at === 0}
      onClick=${move(-1)}
    >
      <${Icon} name="up" />
    </button>
    <button
      aria-label=${`${texts.later}: ${transfer.kept.name}`}
      title=${texts.later}
      disabled=${at === queued.length - 1}
      onClick=${move(1)}
    >
      <${Icon} name="down" />
    </button>
  `;
}

const KIND = "application/x-manyhands-transfer";

/** Queued cards can be dragged over one another. @param {App} app @param {Transfer} transfer */
function useOrder(app, transfer) {
  if (transfer.state !== "queued") return {};
  return {
    draggable: true,
    onDragStart: (/** @type {DragEvent} */ e) => e.dataTransfer?.setData(KIND, transfer.id),
    onDragOver: (/** @type {DragEvent} */ e) => e.dataTransfer?.types.includes(KIND) && e.preventDefault(),
    onDrop: (/** @type {DragEvent} */ e) => {
      const other = app.transfers.list.find(({ id }) => id === e.dataTransfer?.getData(KIND));
      if (!other) return;
      e.preventDefault();
      const { list } = app.transfers;
      app.transfers.place(other, transfer, list.indexOf(other) < list.indexOf(transfer));
    },
  };
}
