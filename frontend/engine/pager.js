// Which page of the manifest to put next: in order, one at a time, only the owner's devices. Known
// pages are put too, to be compared: two versions of a file that begin alike must not be mixed.
// What was proven holds as long as the upload is the one that was joined.

const AGAIN_S = 5;

export class Pager {
  #plan;
  #yours;
  #next;
  #underWay = false;
  #notBefore = -Infinity;

  /** @param {import("./parts.js").Plan} plan @param {number} known parts whose digest the board knows
   *  @param {boolean} yours @param {number} [proven] pages: 1 if the call that created or joined the
   *  upload, whose id follows from them, named those of the first */
  constructor(plan, known, yours, proven = 0) {
    this.#plan = plan;
    this.#yours = yours;
    this.#next = proven;
    this.learn(known);
  }

  /** The board knows so many parts. @param {number} known */
  learn(known) {
    if (known >= this.#plan.count) this.#next = this.#plan.starts.length;
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

  wentWell() {
    this.#underWay = false;
    this.#next += 1;
  }

  /** @param {number} now */
  failed(now) {
    this.#underWay = false;
    this.#notBefore = now + AGAIN_S;
  }
}
