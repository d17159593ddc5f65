// A limit on the speed, kept on average over parts.
//
// A browser cannot slow down a request that is under way, so the next part is begun only when the
// limit has room for it. What the parts of one page send side by side shares one limit.

export class SpeedLimit {
  #freeAt = -Infinity;

  /** Bytes a second; 0 for none. */
  rate = 0;

  /** When the next part may begin. */
  get freeAt() {
    return this.rate ? this.#freeAt : -Infinity;
  }

  /** A part of so many bytes begins. @param {number} bytes @param {number} now */
  take(bytes, now) {
    if (this.rate) this.#freeAt = Math.max(now, this.#freeAt) + bytes / this.rate;
  }

  /** @param {number} rate */
  set(rate) {
    this.rate = rate;
    this.#freeAt = -Infinity;
  }
}
