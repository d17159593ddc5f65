// What is kept of a transfer, and its state, which only the table in engine/cycle.js changes.
//
// Events: "changed"; "moved" with {event, state}.

import { after, restored } from "../engine/cycle.js";
import { Refused } from "../ports/api.js";
import { FileGone } from "../ports/hasher.js";
import { Problem } from "./checking.js";

const KEEP_EVERY_S = 2;

/** @typedef {import("../ports/kept.js").Kept} Kept */

export class Record extends EventTarget {
  #means;
  #keptAt = 0;

  /** @param {Kept} kept @param {{clock(): number, keep(kept: Kept): void}} means */
  constructor(kept, means) {
    super();
    this.kept = kept;
    this.#means = means;
  }

  get id() {
    return this.kept.id;
  }

  get state() {
    return this.kept.state;
  }

  get why() {
    return this.kept.why;
  }

  /** Take it up again after the page was opened anew. */
  restore() {
    const { state, why } = restored(this.state, this.why, Boolean(this.kept.handle));
    this.kept.state = state;
    this.kept.why = why;
  }

  /** @param {import("../engine/cycle.js").Event} event */
  move(event) {
    const state = after(this.state, event);
    if (!state) throw new Error(`«${event}» means nothing to a transfer that is ${this.state}`);
    this.kept.state = state;
    if (state !== "suspended") this.kept.why = undefined;
    this.keep();
    this.changed();
    this.dispatchEvent(new CustomEvent("moved", { detail: { event, state } }));
  }

  /** @param {import("../engine/cycle.js").Reason} why */
  suspend(why) {
    this.kept.why = why;
    this.move("suspend");
  }

  /** What went wrong becomes its problem: the file is another now, a refusal, a defect of ours.
   * @param {unknown} error */
  failed(error) {
    this.kept.problem = problemOf(error);
    if (this.kept.problem.code === "defect") console.error(error);
    this.move("fail");
  }

  /** Remember it now. What nobody has given to a group yet is not kept. */
  keep() {
    this.#keptAt = this.#means.clock();
    if (this.state !== "unauthorized") this.#means.keep(this.kept);
  }

  /** Remember it, unless that was done a moment ago. */
  keepSoon() {
    if (this.#means.clock() - this.#keptAt > KEEP_EVERY_S) this.keep();
  }

  changed() {
    this.dispatchEvent(new Event("changed"));
  }
}

/** @param {unknown} error @returns {NonNullable<Kept["problem"]>} */
function problemOf(error) {
  if (error instanceof FileGone) return { code: "file_changed", message: "" };
  const known = error instanceof Problem || error instanceof Refused;
  return { code: known ? error.code : "defect", message: error instanceof Error ? error.message : "" };
}
