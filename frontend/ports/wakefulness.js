// Keeps the screen, and with it a phone's network, awake while something is sent.

export class Wakefulness {
  #wanted = false;
  /** @type {WakeLockSentinel | undefined} */ #lock;

  constructor() {
    document.addEventListener("visibilitychange", () => this.#settle());
  }

  /** @param {boolean} wanted */
  want(wanted) {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#settle();
  }

  async #settle() {
    const has = this.#lock && !this.#lock.released;
    if (this.#wanted && !has && !document.hidden) this.#lock = await request();
    else if (!this.#wanted && has) await this.#lock?.release();
  }
}

/** @returns {Promise<WakeLockSentinel | undefined>} undefined where the browser does not give it */
async function request() {
  try {
    return await navigator.wakeLock?.request("screen");
  } catch {
    return undefined;
  }
}
