// <manyhands-upload>: attributes, methods and events of the embedding page on one side, a desk and its
// view in a shadow root on the other.
//
// Nothing leaks: styles stay in the shadow root, no key, drop or paste outside the element is heard, and
// what the page is told are plain values. No style and no script is inline.

import { Problem } from "../app/checking.js";
import { keepAwake, sayGoodbye } from "../ui/manners.js";
import { accepts, choose, chosenOf } from "./choosing.js";
import { rooted } from "./shadow.js";
import { progressOf } from "./telling.js";
import { mount, mountTrouble, unmount } from "./view.js";
import { wordsOf } from "./words.js";

/** @typedef {import("./desk.js").Desk} Desk
 *  @typedef {import("../ports/files.js").Chosen} Chosen
 *  @typedef {{service: string, name: string, getToken?: import("./given-session.js").GetToken,
 *    words: import("../texts/index.js").Words, waiting: Chosen[], signal: AbortSignal}} Wish
 *    `name`: what its transfers are remembered by */

const AGAIN_MS = 3_000;
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

export class ManyhandsUpload extends Base {
  static observedAttributes = ["accept", "group", "lang", "multiple", "service", "sign-in"];

  /** Puts a desk together: the root's. @type {(wish: Wish) => Promise<Desk>} */
  static open;

  /** @type {Desk | undefined} */ #desk;
  /** From being put into a document to being taken out. @type {AbortController | undefined} */ #life;
  /** @type {Promise<HTMLElement> | undefined} */ #root;
  /** @type {Chosen[]} */ #waiting = [];
  /** @type {import("./given-session.js").GetToken | undefined} */ #getToken;

  constructor() {
    super();
    const early = Object.getOwnPropertyDescriptor(this, "getToken"); // set before this was loaded
    Reflect.deleteProperty(this, "getToken");
    this.#getToken = early?.value;
  }

  connectedCallback() {
    this.#begin();
  }

  /** Moved within the document it goes on; taken out it gives everything back. */
  disconnectedCallback() {
    queueMicrotask(() => this.isConnected || this.#end());
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
    this.#add(this.#taken(chosenOf(files)));
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
    const wish = { accept, multiple: this.#multiple };
    return desk.attempt(async () => this.#add(this.#taken(await choose(wish))));
  }

  /** @param {Promise<import("../ports/files.js").Chosen[]>} given @param {Desk} desk */
  dropped(given, desk) {
    return desk.attempt(async () => {
      const taken = this.#taken(await given);
      if (taken.length > 1 && !this.#multiple) throw new Problem("one_file");
      this.#add(taken);
    });
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
    if (!ready || !this.isConnected || this.#life) return;
    this.#life = new AbortController();
    void this.#open(this.#life.signal);
  }

  #end() {
    this.#life?.abort();
    this.#life = undefined;
    this.#desk = undefined;
  }

  /** @param {AbortSignal} signal */
  async #open(signal) {
    const words = await wordsOf(this.#language);
    const root = await (this.#root ??= rooted(this.attachShadow({ mode: "open" })));
    signal.addEventListener("abort", () => unmount(root));
    for (let said = ""; ;) {
      const trouble = await this.#start(root, words, signal);
      if (!trouble) return;
      if (trouble.code !== said) this.#complain(trouble);
      said = trouble.code;
      await new Promise((again) => {
        mountTrouble(root, words, said, () => again(undefined));
        if (said === "unreachable") setTimeout(again, AGAIN_MS);
      });
    }
  }

  /** @param {HTMLElement} root @param {import("../texts/index.js").Words} words @param {AbortSignal} signal
   *  @returns {Promise<Problem | undefined>} what kept it from beginning */
  async #start(root, words, signal) {
    try {
      const desk = await this.#opened(words, signal);
      signal.throwIfAborted();
      this.#desk = desk;
      mount(desk, this, root);
      desk.begin();
      if (this.#getToken) await desk.signIn();
    } catch (error) {
      if (signal.aborted) return undefined;
      return error instanceof Problem ? error : new Problem("defect", String(error));
    }
    return undefined;
  }

  /** @param {Problem} trouble */
  #complain({ code, message }) {
    console.error(`<manyhands-upload> cannot begin: ${message}`);
    this.#tell("error", { id: "", upload: "", name: "", code, message });
  }

  /** @param {import("../texts/index.js").Words} words @param {AbortSignal} signal */
  async #opened(words, signal) {
    signal.throwIfAborted();
    const service = new URL(this.getAttribute("service") ?? "/", location.href).href.replace(/\/$/, "");
    const group = this.getAttribute("group") ?? "";
    const ask = (/** @type {string} */ refused) => this.#getToken?.(refused); // frameworks set it anew
    const getToken = this.#getToken && ask;
    const waiting = this.#waiting;
    const desk = await ManyhandsUpload.open({
      service,
      name: this.id || group,
      getToken,
      words,
      waiting,
      signal,
    });
    desk.group = group;
    desk.addEventListener("told", (event) => {
      const { name, detail } = /** @type {CustomEvent} */ (event).detail;
      this.#tell(name, detail);
    });
    keepAwake(desk, { signal });
    sayGoodbye(desk, { signal });
    return desk;
  }

  /** @param {Desk} desk */
  async #speak(desk) {
    desk.words = await wordsOf(this.#language);
    desk.changed();
  }

  /** @param {Chosen[]} chosen */
  #taken(chosen) {
    const accept = this.getAttribute("accept") ?? "";
    return chosen.filter(({ file }) => accepts(file, accept));
  }

  /** @param {Chosen[]} taken */
  #add(taken) {
    if (this.#desk) this.#desk.add(taken);
    else this.#waiting.push(...taken);
  }

  /** @param {string | undefined} id @param {(desk: Desk, transfer: import("./desk.js").Transfer) => unknown} act */
  #each(id, act) {
    const desk = this.#desk;
    if (!desk) return;
    for (const transfer of [...desk.transfers.list])
      if (id === undefined || transfer.id === id) void act(desk, transfer);
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
