// Keeps the screen, and with it a phone's network, awake while something is sent.

export class Wakefulness {
  #wanted = false;
  /** @type {WakeLockSentinel | undefined} */ #lock;
  #settle = () => void this.#settled();

  /** @param {boolean} wanted */
  want(wanted) {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (wanted) document.addEventListener("visibilitychange", this.#settle);
    else document.removeEventListener("visibilitychange", this.#settle);
    this.#settle();
  }

  async #settled() {
    const has = this.#lock && !this.#lock.released;
    if (this.#wanted && !has && !document.hidden) this.#lock = await request();
    if (!this.#wanted) await this.#lock?.release();
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
