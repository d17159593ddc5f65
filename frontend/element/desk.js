// What the element knows and what a person can do in it; the view shows it, the element's methods call
// it. It is to the element what app/app.js is to the page, without lists, address and dialogs.
//
// A desk lives as long as its signal: once that is aborted everything is given back, and whatever
// still comes in (a token, an answer) comes to nothing. An element that is put back gets a new one.
// Events: "changed"; "told" with {name, detail}, which the embedding page hears.

import { Steering } from "../app/steering.js";
import { isOver } from "../engine/cycle.js";
import { failedOf, progressOf, storedOf } from "./telling.js";

const TELL_MS = 250;

/** @typedef {import("../app/transfer.js").Transfer} Transfer
 *  @typedef {import("../ports/files.js").Chosen} Chosen
 *  @typedef {import("../app/steering.js").Parts & {waiting: Chosen[], signal: AbortSignal}} Parts
 *    `waiting`: what was chosen before it is known who is here */

export class Desk extends Steering {
  #account;
  #waiting;
  /** @type {Map<string, string>} */ #told = new Map();
  #timer = 0;
  /** The group that files are given to, "" for the person's own. */
  group = "";
  /** A transfer that may be cancelled, once the person has said so. @type {Transfer | undefined} */ asked;
  looking = { board: undefined };

  /** @param {Parts} parts */
  constructor({ waiting, signal, ...parts }) {
    super(parts);
    const { account, transfers } = parts;
    this.#account = account;
    this.#waiting = waiting;
    const on = (
      /** @type {EventTarget} */ who,
      /** @type {string} */ what,
      /** @type {(e: any) => void} */ act,
    ) => who.addEventListener(what, act, { signal });
    on(transfers, "moved", ({ detail }) => this.#moved(detail));
    on(account, "person", () => void this.#person());
    on(account, "met", () => void this.#met());
    on(account, "ended", () => this.#all((t) => t.signedOut()));
    on(account, "again", () => this.#all((t) => t.signedIn()));
    signal.addEventListener("abort", () => this.#end());
  }

  begin() {
    this.#account.begin();
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

  /** Ask first: what was sent is thrown away, for everybody. @param {Transfer | undefined} transfer */
  cancelTransfer(transfer) {
    this.asked = transfer;
    this.changed();
  }

  /** @param {Transfer} transfer */
  cancel(transfer) {
    this.cancelTransfer(undefined);
    return this.attempt(async () => {
      if (transfer.verbs.cancel && transfer.kept.upload) await this.transfers.cancel(transfer);
      else if (!isOver(transfer.state)) await this.transfers.remove(transfer);
    });
  }

  // ---- what follows by itself ----

  /** @param {string} code @param {string} [message] */
  fail(code, message = "") {
    this.#tell("error", { id: "", upload: "", name: "", code, message });
    super.fail(code, message);
  }

  changed() {
    super.changed();
    this.#timer ||= Number(setTimeout(() => this.#tellProgress(), TELL_MS));
  }

  /** Tickets go back to the board, locks to other tabs. */
  #end() {
    this.#account.leave();
    this.transfers.leave();
    void this.transfers.belongTo("");
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
