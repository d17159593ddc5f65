// Timers that keep time in a tab that nobody sees.
//
// Browsers let a hidden page's timers run once a minute, which is longer than the board waits for a
// device that has nothing to send. A worker's timers are left alone.

/** @typedef {{after(seconds: number, act: () => void): number, cancel(id: number): void}} Alarm */

export class WorkerAlarm {
  #worker = new Worker(new URL("./alarm-worker.js", import.meta.url), { type: "module" });
  /** @type {Map<number, () => void>} */ #waiting = new Map();
  #next = 1;

  constructor() {
    this.#worker.onmessage = ({ data: id }) => {
      const act = this.#waiting.get(id);
      this.#waiting.delete(id);
      act?.();
    };
  }

  /** @param {number} seconds @param {() => void} act @returns {number} for `cancel` */
  after(seconds, act) {
    const id = this.#next++;
    this.#waiting.set(id, act);
    this.#worker.postMessage({ id, ms: seconds * 1000 });
    return id;
  }

  /** @param {number} id */
  cancel(id) {
    this.#waiting.delete(id);
  }
}
