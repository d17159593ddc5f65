// What the element knows and what a person can do in it; the view shows it, the element's methods call
// it. It is to the element what app/app.js is to the page, without lists, address and dialogs, and has
// the same names, so that the page's cards can be shown here.
//
// Events: "changed"; "told" with {name, detail}, which the embedding page hears.

import * as files from "../ports/files.js";
import { Refused, SignedOut, Unreachable } from "../ports/api.js";
import { Problem } from "../app/checking.js";
import { isOver } from "../engine/cycle.js";
import { failedOf, progressOf, storedOf } from "./telling.js";

const TELL_MS = 250;

/** @typedef {import("../app/transfer.js").Transfer} Transfer
 *  @typedef {import("../ports/files.js").Chosen} Chosen
 *  @typedef {{account: import("../app/account.js").Account, line: import("../ports/line.js").Line,
 *    transfers: import("../app/transfers.js").Transfers, words: import("../texts/index.js").Words}} Parts */

export class Desk extends EventTarget {
  #account;
  #line;
  /** @type {Chosen[]} */ #waiting = [];
  /** @type {Map<string, string>} */ #told = new Map();
  #timer = 0;
  transfers;
  words;
  /** The group that files are given to, "" for the person's own. */
  group = "";
  /** What went wrong, of no single file. */
  trouble = { code: "", message: "" };
  /** A transfer that may be cancelled, once the person has said so. @type {Transfer | undefined} */ asked;
  looking = { board: undefined };
  route = "";

  /** @param {Parts} parts */
  constructor({ account, line, transfers, words }) {
    super();
    this.#account = account;
    this.#line = line;
    this.transfers = transfers;
    this.words = words;
    for (const part of [transfers, line])
      for (const event of ["changed", "up", "down"]) part.addEventListener(event, () => this.changed());
    transfers.addEventListener("moved", (event) => this.#moved(/** @type {CustomEvent} */ (event).detail));
    account.addEventListener("person", () => void this.#person());
    account.addEventListener("met", () => void this.#met());
    account.addEventListener("ended", () => this.#all((t) => t.signedOut()));
    account.addEventListener("again", () => this.#all((t) => t.signedIn()));
  }

  get online() {
    return this.#line.up;
  }

  get person() {
    return this.#account.person;
  }

  get me() {
    return this.#account.me;
  }

  get mustSignIn() {
    return this.#account.mustSignIn;
  }

  begin() {
    this.#account.begin();
    void this.transfers.belongTo(this.person?.id ?? ""); // after an end: nobody else has come
  }

  /** The element is gone: everything is given back. It may begin anew. */
  async end() {
    this.transfers.leave();
    await this.transfers.belongTo("");
  }

  signIn() {
    return this.attempt(() => this.#account.signIn());
  }

  signInAgain() {
    return this.attempt(() => this.#account.signInAgain());
  }

  /** Upload these, as soon as it is known who is here. @param {Chosen[]} chosen @returns {string[]}
   *  the transfers' ids; [] if they still wait for somebody to sign in */
  add(chosen) {
    if (!this.me) {
      this.#waiting.push(...chosen);
      return [];
    }
    const before = new Set(this.transfers.list);
    this.transfers.add(chosen);
    const { id = "" } = this.me.groups.find(({ personal }) => personal) ?? {};
    void this.attempt(() => this.transfers.authorize(this.group || id));
    return this.transfers.list.filter((t) => !before.has(t)).map((t) => t.id);
  }

  // ---- one transfer; the names are those of app/app.js ----

  /** @param {Transfer} transfer */
  pause(transfer) {
    return this.attempt(async () => transfer.pause());
  }

  /** @param {Transfer} transfer */
  startNow(transfer) {
    return this.attempt(async () => {
      if (transfer.file) this.transfers.startNow(transfer);
      else await this.transfers.resume(transfer);
    });
  }

  /** @param {Transfer} transfer */
  resume(transfer) {
    return this.attempt(() => this.transfers.resume(transfer));
  }

  /** The same file again. @param {Transfer} transfer */
  provide(transfer) {
    return this.attempt(async () => {
      const [chosen] = await files.pick({ multiple: false });
      if (chosen) this.transfers.provide(transfer, chosen);
    });
  }

  /** @param {Transfer} transfer */
  retry(transfer) {
    return this.attempt(async () => {
      if (await this.transfers.retry(transfer)) return;
      const [chosen] = await files.pick({ multiple: false });
      if (!chosen) return;
      transfer.provide(chosen.file, chosen.handle);
      await this.transfers.retry(transfer);
    });
  }

  /** @param {Transfer} transfer */
  remove(transfer) {
    return this.attempt(() => this.transfers.remove(transfer));
  }

  /** Ask first: what was sent is thrown away, for everybody. @param {Transfer | undefined} transfer */
  cancelTransfer(transfer) {
    this.asked = transfer;
    this.changed();
  }

  /** @param {Transfer} transfer */
  cancel(transfer) {
    this.asked = undefined;
    return this.attempt(async () => {
      if (transfer.verbs.cancel && transfer.kept.upload) await this.transfers.cancel(transfer);
      else if (!isOver(transfer.state)) await this.transfers.remove(transfer);
    });
  }

  // ---- what follows by itself ----

  /** @param {() => Promise<unknown>} act */
  async attempt(act) {
    this.trouble = { code: "", message: "" };
    try {
      await act();
    } catch (error) {
      this.#explain(error);
    }
    this.changed();
  }

  /** @param {string} code @param {string} [message] */
  fail(code, message = "") {
    this.trouble = { code, message };
    this.#tell("error", { id: "", upload: "", name: "", code, message });
    this.changed();
  }

  understood() {
    this.trouble = { code: "", message: "" };
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("changed"));
    this.#timer ||= Number(setTimeout(() => this.#tellProgress(), TELL_MS));
  }

  async #person() {
    const { person } = this;
    await this.transfers.belongTo(person?.id ?? "");
    await this.transfers.removeEnded(); // of a former visit
    this.changed();
    if (person) await this.attempt(() => this.#account.meet());
  }

  #met() {
    this.transfers.settle();
    this.add(this.#waiting.splice(0));
  }

  /** @param {{transfer: Transfer, state: string}} news */
  #moved({ transfer, state }) {
    this.#tellOf(transfer);
    if (state === "complete") this.#tell("stored", storedOf(transfer));
    if (state === "failed") this.#tell("error", failedOf(transfer));
  }

  #tellProgress() {
    this.#timer = 0;
    for (const transfer of this.transfers.list) this.#tellOf(transfer);
    if (this.transfers.sending) this.changed();
  }

  /** Only what is new. @param {Transfer} transfer */
  #tellOf(transfer) {
    const detail = progressOf(transfer);
    const said = JSON.stringify(detail);
    if (this.#told.get(transfer.id) === said) return;
    this.#told.set(transfer.id, said);
    this.#tell("progress", detail);
  }

  /** @param {unknown} error */
  #explain(error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    if (error instanceof SignedOut) return this.#account.ended();
    if (error instanceof Unreachable) return this.#unreachable();
    if (error instanceof Problem || error instanceof Refused) return this.fail(error.code, error.message);
    console.error(error);
    this.fail("defect");
  }

  #unreachable() {
    this.#line.suspect();
    this.fail("unreachable");
  }

  /** @param {(transfers: import("../app/transfers.js").Transfers) => void} act */
  #all(act) {
    act(this.transfers);
    this.changed();
  }

  /** @param {"progress" | "stored" | "error"} name @param {object} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent("told", { detail: { name, detail } }));
  }
}
