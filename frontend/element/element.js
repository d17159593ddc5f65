// <manyhands-upload>: attributes, methods and events of the embedding page on one side, a desk and its
// view in a shadow root on the other.
//
// Nothing leaks: styles stay in the shadow root, no key, drop or paste outside the element is heard, and
// what the page is told are plain values. No style and no script is inline.

import { Wakefulness } from "../ports/wakefulness.js";
import { wordsFor } from "../texts/index.js";
import { accepts, choose, chosenOf } from "./choosing.js";
import { progressOf } from "./telling.js";
import { mount, mountTrouble } from "./view.js";

const SHEETS = ["../styles/base.css", "../styles/controls.css", "../styles/cards.css", "./element.css"];

/** @typedef {import("./desk.js").Desk} Desk
 *  @typedef {{service: string, getToken?: import("./given-session.js").GetToken,
 *    words: import("../texts/index.js").Words}} Wish */

export class ManyhandsUpload extends HTMLElement {
  static observedAttributes = ["accept", "group", "lang", "multiple", "service", "sign-in"];

  /** Puts a desk together: the root's. @type {(wish: Wish) => Promise<Desk>} */
  static open;

  /** @type {Desk | undefined} */ #desk;
  /** @type {Promise<void> | undefined} */ #opening;
  /** @type {import("../ports/files.js").Chosen[]} */ #early = [];
  /** @type {import("./given-session.js").GetToken | undefined} */ #getToken;
  #here = new AbortController();
  #wakefulness = new Wakefulness();

  constructor() {
    super();
    const early = Object.getOwnPropertyDescriptor(this, "getToken"); // set before this was loaded
    Reflect.deleteProperty(this, "getToken");
    this.#getToken = early?.value;
  }

  connectedCallback() {
    this.#listen();
    this.#begin();
    if (this.#desk) this.#desk.begin();
  }

  /** Moved within the document it goes on; taken out it gives everything back. */
  disconnectedCallback() {
    this.#here.abort();
    queueMicrotask(() => this.isConnected || void this.#desk?.end());
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    if (!this.#desk) return this.#begin();
    this.#desk.group = this.getAttribute("group") ?? "";
    if (name === "lang") void this.#speak(this.#desk);
    else this.#desk.changed();
  }

  /** The embedding page's own sign-in. @returns {import("./given-session.js").GetToken | undefined} */
  get getToken() {
    return this.#getToken;
  }

  set getToken(given) {
    this.#getToken = given;
    this.#begin();
  }

  /** A snapshot of every file here. @returns {import("./telling.js").Progress[]} */
  get files() {
    return this.#desk?.transfers.list.map(progressOf) ?? [];
  }

  /** Upload these files; what `accept` does not take is left out. @param {Iterable<File>} files */
  addFiles(files) {
    this.#add(chosenOf(files));
  }

  /** After the parts in flight. @param {string} [id] of one file; all without */
  pause(id) {
    this.#each(id, (desk, t) => (t.verbs.pause || t.verbs.dequeue) && desk.pause(t));
  }

  /** @param {string} [id] of one file; all without */
  resume(id) {
    this.#each(id, (desk, t) => goesOnAgain(t) && desk.resume(t));
  }

  /** What was sent is thrown away, without a question. @param {string} [id] of one file; all without */
  cancel(id) {
    this.#each(id, (desk, t) => desk.cancel(t));
  }

  /** With `getToken`, ask it again; else leave the page for the sign-in. */
  async signIn() {
    await this.#desk?.signIn();
  }

  /** By the element's button. @param {Desk} desk */
  choose(desk) {
    const accept = this.getAttribute("accept") ?? "";
    return desk.attempt(async () => this.#add(await choose({ accept, multiple: this.#multiple })));
  }

  /** @param {Promise<import("../ports/files.js").Chosen[]>} given @param {Desk} desk */
  dropped(given, desk) {
    return desk.attempt(async () => this.#add(await given));
  }

  /** The nearest that the page says; where it says none, or one that is not here, the browser's. */
  get #language() {
    const said = /** @type {HTMLElement | null} */ (this.closest("[lang]"))?.lang ?? "";
    return said.toLowerCase().split("-")[0];
  }

  get #multiple() {
    return this.hasAttribute("multiple");
  }

  /** As soon as it is known where the service is and who says who is here. */
  #begin() {
    const ready = this.hasAttribute("service") && (this.#getToken || this.hasAttribute("sign-in"));
    if (ready && this.isConnected) this.#opening ??= this.#open();
  }

  async #open() {
    const shadow = this.attachShadow({ mode: "open" });
    const styled = SHEETS.map((path) => sheet(shadow, path));
    const root = document.createElement("div");
    const words = await wordsFor(this.#language);
    await Promise.all(styled);
    shadow.append(root);
    await this.#start(root, words);
  }

  /** @param {HTMLElement} root @param {import("../texts/index.js").Words} words */
  async #start(root, words) {
    try {
      const desk = await this.#opened(words);
      this.#desk = desk;
      mount(desk, this, root);
      if (this.isConnected) desk.begin();
      if (this.#getToken) await desk.signIn();
    } catch (error) {
      console.error("<manyhands-upload> cannot begin:", error);
      const code = error instanceof TypeError ? "unreachable" : "defect";
      this.#tell("error", { id: "", upload: "", name: "", code, message: String(error) });
      mountTrouble(root, words, code, () => void this.#start(root, words));
    }
  }

  /** @param {import("../texts/index.js").Words} words */
  async #opened(words) {
    const service = new URL(this.getAttribute("service") ?? "/", location.href).href.replace(/\/$/, "");
    const desk = await ManyhandsUpload.open({ service, getToken: this.#getToken, words });
    desk.group = this.getAttribute("group") ?? "";
    desk.add(this.#early.splice(0));
    desk.addEventListener("told", (event) => {
      const { name, detail } = /** @type {CustomEvent} */ (event).detail;
      this.#tell(name, detail);
    });
    desk.addEventListener("changed", () => this.#wakefulness.want(desk.transfers.sending));
    return desk;
  }

  /** @param {Desk} desk */
  async #speak(desk) {
    desk.words = await wordsFor(this.#language);
    desk.changed();
  }

  /** @param {import("../ports/files.js").Chosen[]} chosen */
  #add(chosen) {
    const accept = this.getAttribute("accept") ?? "";
    const taken = chosen.filter(({ file }) => accepts(file, accept));
    const some = this.#multiple ? taken : taken.slice(0, 1);
    if (this.#desk) this.#desk.add(some);
    else this.#early.push(...some);
  }

  /** @param {string | undefined} id @param {(desk: Desk, transfer: import("./desk.js").Transfer) => unknown} act */
  #each(id, act) {
    const desk = this.#desk;
    if (!desk) return;
    for (const transfer of [...desk.transfers.list])
      if (id === undefined || transfer.id === id) void act(desk, transfer);
  }

  #listen() {
    this.#here = new AbortController();
    const { signal } = this.#here;
    const warn = (/** @type {Event} */ event) => this.#desk?.transfers.sending && event.preventDefault();
    addEventListener("beforeunload", warn, { signal });
    addEventListener("pagehide", () => this.#desk?.transfers.leave(), { signal });
  }

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`manyhands-${name}`, { detail, bubbles: true, composed: true }));
  }
}

/** @param {import("./desk.js").Transfer} transfer */
function goesOnAgain({ state, verbs }) {
  return state !== "queued" && (verbs.start || verbs.allow);
}

/** Resolves when it is there, or is not to be had: what has no style can still be read.
 * @param {ShadowRoot} shadow @param {string} path */
function sheet(shadow, path) {
  const href = new URL(path, import.meta.url).href;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  const done = new Promise((loaded) => (link.onload = link.onerror = loaded));
  shadow.append(link);
  return done;
}
