// SHA-256 of parts, in workers: as many at once as there are workers, the urgent ones first.

/** The file cannot be read any more: it was changed, moved or removed. */
export class FileGone extends Error {}

/** @typedef {{part: Blob, done: (digest: Uint8Array) => void, failed: (error: Error) => void}} Job */

export class Hasher {
  /** @type {Worker[]} */ #idle = [];
  /** @type {Job[]} */ #waiting = [];
  /** @type {Map<number, Job>} */ #running = new Map();
  #next = 0;
  /** How many parts are hashed side by side. */
  width;

  /** @param {number} [width] */
  constructor(width = Math.max(1, Math.min(4, (navigator.hardwareConcurrency || 2) - 1))) {
    this.width = width;
    for (let i = 0; i < width; i++) this.#idle.push(this.#worker());
  }

  /** @param {Blob} part @param {{urgent?: boolean}} [options]
   *  @returns {Promise<Uint8Array>} 32 bytes; rejects with FileGone */
  digest(part, { urgent = false } = {}) {
    return new Promise((done, failed) => {
      if (urgent) this.#waiting.unshift({ part, done, failed });
      else this.#waiting.push({ part, done, failed });
      this.#feed();
    });
  }

  #feed() {
    while (this.#idle.length && this.#waiting.length) {
      const worker = /** @type {Worker} */ (this.#idle.pop());
      const job = /** @type {Job} */ (this.#waiting.shift());
      const id = this.#next++;
      this.#running.set(id, job);
      worker.postMessage({ id, part: job.part });
    }
  }

  #worker() {
    const worker = new Worker(new URL("./hash-worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data: { id, digest, error } }) => {
      const job = this.#running.get(id);
      this.#running.delete(id);
      this.#idle.push(worker);
      if (error) job?.failed(new FileGone(error));
      else job?.done(digest);
      this.#feed();
    };
    return worker;
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
