// How fast this client sends, from the bytes that have left it.
//
// An average whose memory fades with a half-life of two seconds. Only time in which something was
// under way counts: a client that waits for tickets is idle, not slow. Until a part was confirmed,
// or two seconds have passed, nothing is said: what the machine buffers at first is no measure.

const HALF_LIFE_S = 2;
const UNKNOWN_FOR_S = 2;

export class RateMeter {
  #bytes = 0;
  #seconds = 0;
  #busyS = 0;
  #confirmed = false;
  /** @type {number | undefined} */ #last;

  /** `bytes` have left since the last call; feed it about once a second or more often.
   * @param {number} bytes @param {number} now in seconds @param {boolean} busy */
  add(bytes, now, busy) {
    const span = this.#last === undefined ? 0 : now - this.#last;
    this.#last = now;
    if (!busy && !bytes) return;
    const fade = 0.5 ** (span / HALF_LIFE_S);
    this.#bytes = this.#bytes * fade + bytes;
    this.#seconds = this.#seconds * fade + span;
    this.#busyS += span;
  }

  /** The storage has a part: what left has arrived. */
  confirm() {
    this.#confirmed = true;
  }

  /** Bytes a second; 0 while it is not known. */
  get rate() {
    const unproven = this.#busyS < UNKNOWN_FOR_S && !this.#confirmed;
    return unproven || !this.#seconds ? 0 : Math.floor(this.#bytes / this.#seconds);
  }
}
