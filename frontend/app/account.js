// Who is signed in, and what the service says of them.
//
// Events: "person" when another person, or nobody, is here; "met" when the service has said who that
// is; "ended" when the sign-in is not taken any more; "again" when the same person is back.

import { insist } from "./insist.js";

/** @typedef {{session: import("../ports/session.js").Session, api: import("../ports/api.js").Api,
 *    line: import("../ports/line.js").Line}} Ports */

export class Account extends EventTarget {
  #ports;
  #leaving = new AbortController();
  /** @type {import("../engine/messages.js").MeReply | undefined} */ me;
  /** A person is known, but the sign-in has ended. */
  mustSignIn = false;

  /** @param {Ports} ports */
  constructor(ports) {
    super();
    this.#ports = ports;
    ports.session.addEventListener("change", () => this.#arrived());
  }

  get person() {
    return this.#ports.session.person;
  }

  /** Meet whoever is signed in already. */
  begin() {
    this.#arrived();
  }

  /** Nobody waits to be met any more. */
  leave() {
    this.#leaving.abort();
  }

  signIn() {
    return this.#ports.session.signIn();
  }

  /** In a small window, so that nothing here is interrupted. */
  signInAgain() {
    return this.#ports.session.signInAgain();
  }

  signOut() {
    return this.#ports.session.signOut();
  }

  /** The service does not take the sign-in any more. */
  ended() {
    if (!this.person || this.mustSignIn) return;
    this.mustSignIn = true;
    this.#say("ended");
  }

  /** Resolves when somebody is signed in again. @param {AbortSignal} [signal] @returns {Promise<void>} */
  isSignedIn(signal) {
    this.ended();
    return new Promise((resolve, reject) => {
      this.#ports.session.addEventListener("change", () => resolve(), { once: true, signal });
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }

  /** Resolves once the service has said who this is. */
  async isMet() {
    while (!this.me) await new Promise((met) => this.addEventListener("met", met, { once: true }));
    return this.me;
  }

  /** Ask the service who this is, until it says so or somebody else is here. */
  async meet() {
    const { api, line } = this.#ports;
    const { signal } = this.#leaving;
    const me = await insist(() => api.me({ signal }), { line, signIn: this, signal });
    signal.throwIfAborted();
    this.me = me;
    this.#say("met");
  }

  #arrived() {
    const { person } = this;
    this.mustSignIn = false;
    if (person && person.id === this.me?.user.id) return this.#say("again");
    this.#leaving.abort();
    this.#leaving = new AbortController();
    this.me = undefined;
    this.#ports.api.forget();
    this.#say("person");
  }

  /** @param {"person" | "met" | "ended" | "again"} event */
  #say(event) {
    this.dispatchEvent(new Event(event));
  }
}
