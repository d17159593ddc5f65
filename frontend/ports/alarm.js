// Timers that keep time in a tab that nobody sees.
//
// Browsers let a hidden page's timers run once a minute, which is longer than the board waits for a
// device that has nothing to send. A worker's timers are left alone.

import { Helper } from "./helper.js";

/** @typedef {{after(seconds: number, act: () => void): number, cancel(id: number): void}} Alarm */

export class WorkerAlarm {
  /** @type {Helper<number, void>} */
  #helper = new Helper("./alarm-worker.js", (ms) => new Promise((rung) => setTimeout(rung, ms)));
  /** @type {Set<number>} */ #waiting = new Set();
  #next = 1;

  /** @param {number} seconds @param {() => void} act @returns {number} for `cancel` */
  after(seconds, act) {
    const id = this.#next++;
    this.#waiting.add(id);
    void this.#helper.ask(seconds * 1000).then(() => this.#waiting.delete(id) && act());
    return id;
  }

  /** @param {number} id */
  cancel(id) {
    this.#waiting.delete(id);
  }
}
