// Which page of the manifest to put next: in order, one at a time, only the owner's devices. Known
// pages are put too, to be compared: two versions of a file that begin alike must not be mixed.
// Whatever is a surprise leads back to the first page.

import { knownAfter } from "./parts.js";

const AGAIN_S = 5;
const LESS = 3; // an answer may be older than the last page; so many of them in a row are not

export class Pager {
  #plan;
  #yours;
  #next = 0;
  #less = 0;
  #underWay = false;
  #notBefore = -Infinity;

  /** @param {import("./parts.js").Plan} plan @param {number} known parts whose digest the board knows
   *  @param {boolean} yours */
  constructor(plan, known, yours) {
    this.#plan = plan;
    this.#yours = yours;
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
    const ready = this.#yours && !this.#underWay && now >= this.#notBefore;
    return ready && this.#next < this.#plan.starts.length ? this.#next : undefined;
  }

  began() {
    this.#underWay = true;
  }

  /** @param {number} page */
  wentWell(page) {
    this.#underWay = false;
    if (page === this.#next) this.#next += 1;
  }

  /** @param {number} now */
  failed(now) {
    this.#underWay = false;
    this.#notBefore = now + AGAIN_S;
  }

  /** The board lacks a page before the one that was put. */
  outOfOrder() {
    this.#underWay = false;
    this.#beginAnew();
  }

  #beginAnew() {
    this.#next = this.#less = 0;
  }
}
