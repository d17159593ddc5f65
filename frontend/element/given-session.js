// Who is signed in, by a token that the embedding page gives. It has the face of ports/session.js.
//
// A token is kept until it is about to end or is refused; then the page is asked for another. It is
// read, not verified: the service does that; here it only keeps one person's transfers from another's.
// Events: "change".

import { SignedOut, Unreachable } from "../ports/api.js";

const SPARE_MS = 60_000;

/** `refused`: the token that was not taken, "" for none.
 * @typedef {(refused: string) => Promise<string | null | undefined> | string | null | undefined} GetToken
 * @typedef {{sub: string, username?: string, exp?: number}} Claims */

export class GivenSession extends EventTarget {
  #getToken;
  #token = "";
  #endsAt = 0;
  /** @type {Promise<string> | undefined} */ #asking;
  /** @type {{id: string, name: string} | undefined} */ person;

  /** @param {GetToken} getToken */
  constructor(getToken) {
    super();
    this.#getToken = getToken;
  }

  /** Ask the page, if it did not give one so far. @returns {Promise<boolean>} whether it gave one */
  async signIn() {
    try {
      await this.renewed(this.#token);
      return true;
    } catch (error) {
      if (error instanceof SignedOut) return false;
      throw error;
    }
  }

  signInAgain() {
    return this.signIn();
  }

  /** Signing out is the page's business. */
  async signOut() {}

  /** A token that is good now. Throws SignedOut, Unreachable. */
  async token() {
    return Date.now() < this.#endsAt ? this.#token : this.renewed(this.#token);
  }

  /** Another one than the refused. Throws SignedOut, Unreachable. @param {string} refused */
  async renewed(refused) {
    if (this.#token !== refused) return this.#token;
    this.#asking ??= this.#ask(refused).finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** @param {string} refused */
  async #ask(refused) {
    const given = await answer(this.#getToken, refused);
    const claims = given && given !== refused ? claimsOf(given) : undefined;
    if (!given || !claims) throw new SignedOut("the page gave no token that is good");
    this.#token = given;
    this.#endsAt = claims.exp ? claims.exp * 1000 - SPARE_MS : Infinity;
    this.person = { id: claims.sub, name: claims.username ?? claims.sub };
    this.dispatchEvent(new Event("change"));
    return given;
  }
}

/** @param {GetToken} getToken @param {string} refused */
async function answer(getToken, refused) {
  try {
    return await getToken(refused);
  } catch (error) {
    throw new Unreachable("no token from the page", { cause: error });
  }
}

/** @param {string} token @returns {Claims | undefined} undefined if it is no JSON Web Token */
function claimsOf(token) {
  try {
    const text = atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"));
    const claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0))));
    return claims.sub ? claims : undefined;
  } catch {
    return undefined;
  }
}
