// What the element shows: where files are chosen or dropped, and a card for each. The cards' insides are
// the page's own; around them are parts that an embedding page may style.

import { fromTransfer } from "../ports/files.js";
import { Banners, explain } from "../ui/banners.js";
import { Icon } from "../ui/icons.js";
import { Spoken } from "../ui/spoken.js";
import { Chip, Progress, Verbs } from "../ui/transfer-card.js";
import { html, render, useEffect, useReducer, useRef, useState } from "../vendor/preact.js";
import { WORDS } from "./words.js";

const REDRAW_MS = 200;

/** @typedef {import("./desk.js").Desk} Desk
 *  @typedef {import("./desk.js").Transfer} Transfer
 *  @typedef {import("./element.js").ManyhandsUpload} Element
 *  @typedef {{desk: Desk, element: Element}} Props */

/** @param {Desk} desk @param {Element} element @param {HTMLElement} root */
export function mount(desk, element, root) {
  render(html`<${Root} desk=${desk} element=${element} />`, root);
}

/** @param {HTMLElement} root */
export function unmount(root) {
  render(null, root);
}

/** It could not begin. @param {HTMLElement} root @param {import("../texts/index.js").Words} words
 * @param {string} code @param {() => void} again */
export function mountTrouble(root, { texts }, code, again) {
  const trouble = html`
    <p part="message" class="banner bad" role="alert">
      <span>${explain({ code, message: "" }, texts)}</span>
      <button part="button" onClick=${again}>${texts.retry}</button>
    </p>
  `;
  render(trouble, root);
}

/** @param {Props} props */
function Root({ desk, element }) {
  useRedraw(desk);
  const { list } = desk.transfers;
  return html`
    <div class="all" lang=${desk.words.code}>
      <div part="message"><${Banners} app=${desk} /></div>
      ${desk.person ? html`<${Zone} desk=${desk} element=${element} />` : html`<${SignIn} desk=${desk} />`}
      ${
        list.length > 0 &&
        html`<ul part="list" role="list">
          ${list.map((transfer) => html`<${Item} key=${transfer.id} desk=${desk} transfer=${transfer} />`)}
        </ul>`
      }
      <${Spoken} key=${desk.person?.id} app=${desk} />
    </div>
  `;
}

/** @param {{desk: Desk}} props */
function SignIn({ desk }) {
  const { texts } = desk.words;
  return html`
    <div class="zone">
      <button part="button" class="main" onClick=${() => desk.signIn()}>${texts.signIn}</button>
    </div>
  `;
}

/** @param {Props} props */
function Zone({ desk, element }) {
  const [over, setOver] = useState(false);
  const drop = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(false);
    void element.dropped(fromTransfer(event.dataTransfer), desk);
  };
  const drag = (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  };
  return html`
    <div
      part=${over ? "dropzone over" : "dropzone"}
      class=${over ? "zone over" : "zone"}
      onDragOver=${drag}
      onDragLeave=${() => setOver(false)}
      onDrop=${drop}
    >
      <span class="faint">${WORDS[desk.words.code].drop}</span>
      <button part="button" class="main" onClick=${() => element.choose(desk)}>
        <${Icon} name="upload" />${desk.words.texts.chooseFiles}
      </button>
    </div>
  `;
}

/** @param {{desk: Desk, transfer: Transfer}} props */
function Item({ desk, transfer }) {
  const asked = desk.asked === transfer && transfer.verbs.cancel;
  const card = useAnswered(asked);
  return html`
    <li ref=${card} tabindex="-1" part=${`item ${transfer.state}`} class=${`card transfer ${transfer.state}`}>
      <div class="heading">
        <span part="name" class="name">${transfer.kept.name}</span>
        <span part="state"><${Chip} app=${desk} transfer=${transfer} /></span>
      </div>
      <div part="progress" class="progress"><${Progress} app=${desk} transfer=${transfer} /></div>
      <div part="actions">
        ${
          asked
            ? html`<${Really} desk=${desk} transfer=${transfer} />`
            : html`<${Verbs} app=${desk} transfer=${transfer} />`
        }
      </div>
    </li>
  `;
}

/** @param {{desk: Desk, transfer: Transfer}} props */
function Really({ desk, transfer }) {
  const { really } = desk.words.texts;
  const first = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => first.current?.focus(), []);
  const keep = () => desk.cancelTransfer(undefined);
  const cancel = () => {
    first.current?.closest("li")?.focus(); // the buttons of what is cancelled come and go
    void desk.cancel(transfer);
  };
  const escape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape") return;
    event.preventDefault(); // it answers this question, and none of the page around
    event.stopPropagation();
    keep();
  };
  return html`
    <div class="really" role="group" aria-label=${really.cancel(transfer.kept.name)} onKeyDown=${escape}>
      <p>${really.cancel(transfer.kept.name)}</p>
      <div class="buttons">
        <button ref=${first} onClick=${keep}>${really.cancelNo}</button>
        <button class="danger" onClick=${cancel}>${really.cancelYes}</button>
      </div>
    </div>
  `;
}

/** Who has answered goes on where the question came from, unless they have gone elsewhere.
 * @param {boolean} asked */
function useAnswered(asked) {
  const card = useRef(/** @type {HTMLElement | null} */ (null));
  const before = useRef(asked);
  useEffect(() => {
    const { current } = card;
    const button = /** @type {HTMLElement | null | undefined} */ (current?.querySelector(".cancel"));
    const isLost = document.activeElement === document.body;
    if (before.current && !asked && isLost) (button ?? current)?.focus();
    before.current = asked;
  }, [asked]);
  return card;
}

/** Draw again when something has changed, a few times a second at the most. @param {Desk} desk */
function useRedraw(desk) {
  const [, redraw] = useReducer((/** @type {number} */ n) => n + 1, 0);
  useEffect(() => {
    let timer = 0;
    const draw = () => {
      timer = 0;
      redraw(undefined);
    };
    const soon = () => (timer ||= Number(setTimeout(draw, REDRAW_MS)));
    desk.addEventListener("changed", soon);
    soon();
    return () => desk.removeEventListener("changed", soon);
  }, [desk]);
}
