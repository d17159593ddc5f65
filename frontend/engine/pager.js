// Which page of the manifest to put next: in order, one at a time, also known ones, to be compared
// (see manyhands/upload/pager.py). Who is not the owner tries once a minute.

import { knownAfter } from "./parts.js";

const AGAIN_S = 5;
const ANEW_S = 60;
const LESS = 3; // one answer may be older than the last page

export class Pager {
  #plan;
  #next = 0;
  #less = 0;
  #underWay = false;
  #notBefore;

  /** @param {import("./parts.js").Plan} plan @param {number} known parts whose digest the board knows
   *  @param {boolean} yours */
  constructor(plan, known, yours) {
    this.#plan = plan;
    /** @type {number | undefined} */
    this.#notBefore = yours ? -Infinity : undefined;
    this.learn(known);
  }

  /** The board knows so many parts. @param {number} known */
  learn(known) {
    const { count, starts } = this.#plan;
    this.#less = known < knownAfter(this.#plan, this.#next) ? this.#less + 1 : 0;
    if (known >= count) this.#next = starts.length;
    else if (this.#less >= LESS) this.#beginAnew();
  }

  /** The page to put as soon as it is hashed; undefined if there is nothing to put now.
   * @param {number} now */
  due(now) {
    this.#notBefore ??= now + ANEW_S;
    const ready = !this.#underWay && now >= this.#notBefore;
    return ready && this.#next < this.#plan.starts.length ? this.#next : undefined;
  }

  began() {
    this.#underWay = true;
  }

  /** @param {number} page */
  wentWell(page) {
    this.#underWay = false;
    this.#notBefore = -Infinity;
    if (page === this.#next) this.#next += 1;
  }

  /** @param {number} now */
  failed(now) {
    this.#underWay = false;
    this.#notBefore = now + AGAIN_S;
  }

  /** The upload is another person's. */
  notOurs() {
    this.outOfOrder();
    this.#notBefore = undefined;
  }

  outOfOrder() {
    this.#underWay = false;
    this.#beginAnew();
  }

  #beginAnew() {
    this.#next = this.#less = 0;
  }
}
