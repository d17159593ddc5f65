// What a person may do with the transfers here, on the page and in the element alike: the cards of both
// call it. Every action that may fail ends in `trouble`, or does what was asked. Event: "changed".

import * as files from "../ports/files.js";
import { Refused, SignedOut, Unreachable } from "../ports/api.js";
import { Problem } from "./checking.js";

/** @typedef {import("./transfer.js").Transfer} Transfer
 *  @typedef {{account: import("./account.js").Account, line: import("../ports/line.js").Line,
 *    transfers: import("./transfers.js").Transfers, words: import("../texts/index.js").Words}} Parts */

export class Steering extends EventTarget {
  #account;
  #line;
  /** What went wrong: a code of texts.problem, or the service's own words. */
  trouble = { code: "", message: "" };
  /** The upload that the address names, "" for none. */
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
  }

  get online() {
    return this.#line.up;
  }

  get person() {
    return this.#account.person;
  }

  /** What the service says of this person. */
  get me() {
    return this.#account.me;
  }

  get mustSignIn() {
    return this.#account.mustSignIn;
  }

  signIn() {
    return this.attempt(() => this.#account.signIn());
  }

  signInAgain() {
    return this.attempt(() => this.#account.signInAgain());
  }

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

  /** Do what a person asked for; what went wrong before is forgotten.
   * @param {() => Promise<unknown>} act */
  async attempt(act) {
    if (this.trouble.code) this.understood();
    try {
      await act();
    } catch (error) {
      this.#explain(error);
    }
  }

  /** @param {string} code @param {string} [message] */
  fail(code, message = "") {
    this.trouble = { code, message };
    this.changed();
  }

  understood() {
    this.trouble = { code: "", message: "" };
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("changed"));
  }

  /** @param {unknown} error */
  #explain(error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    if (error instanceof SignedOut) return this.#account.ended();
    if (error instanceof Unreachable) this.#line.suspect();
    const known = error instanceof Problem || error instanceof Refused;
    if (!known && !(error instanceof Unreachable)) console.error(error);
    const code = error instanceof Unreachable ? "unreachable" : known ? error.code : "defect";
    this.fail(code, error instanceof Error ? error.message : "");
  }
}
