// Whether there is a network, and whether the machine slept.
//
// The browser's own word for offline is taken at once; its word for online is only a hint, since a
// network without a way to the service counts as one. So whoever fails to reach the service says so
// (`suspect`), and then a small file is asked for until it comes. Timers that run late tell of
// sleep. Events: "down", "up", "woke".

const PROBE_MS = 1_000;
const PROBE_TIMEOUT_MS = 5_000;
const BEAT_MS = 1_000;
const SLEPT_MS = 8_000;

export class Line extends EventTarget {
  #probe;
  #probing = false;
  #beat = Date.now();
  #gone;
  up = navigator.onLine;

  /** @param {() => Promise<unknown>} probe rejects if the service cannot be reached
   *  @param {AbortSignal} [signal] nobody listens any more */
  constructor(probe, signal = new AbortController().signal) {
    super();
    this.#probe = probe;
    this.#gone = signal;
    addEventListener("offline", () => this.#down(), { signal });
    addEventListener("online", () => this.#check(), { signal });
    /** @type {any} */ (navigator).connection?.addEventListener?.("change", () => this.#woke(), { signal });
    const beat = setInterval(() => this.#listen(), BEAT_MS);
    signal.addEventListener("abort", () => clearInterval(beat));
    if (!this.up) this.#check();
  }

  /** Something could not be reached: find out whether anything can. */
  suspect() {
    this.#check();
  }

  /** Resolves once there is a network. @param {AbortSignal} [signal] @returns {Promise<void>} */
  isUp(signal) {
    if (this.up) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.addEventListener("up", () => resolve(), { once: true, signal });
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }

  async #check() {
    if (this.#probing) return;
    this.#probing = true;
    while (!this.#gone.aborted && !(await this.#reaches())) {
      this.#down();
      await new Promise((done) => setTimeout(done, PROBE_MS));
    }
    this.#probing = false;
    if (this.up) return;
    this.up = true;
    this.dispatchEvent(new Event("up"));
  }

  async #reaches() {
    let timer;
    const late = new Promise(
      (_, reject) => (timer = setTimeout(reject, PROBE_TIMEOUT_MS, new Error("late"))),
    );
    try {
      await Promise.race([this.#probe(), late]);
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  #down() {
    if (!this.up) return;
    this.up = false;
    this.dispatchEvent(new Event("down"));
    this.#check();
  }

  #listen() {
    const now = Date.now();
    const late = now - this.#beat - BEAT_MS;
    this.#beat = now;
    if (late > SLEPT_MS) this.#woke();
  }

  #woke() {
    this.dispatchEvent(new Event("woke"));
    this.#check();
  }
}
