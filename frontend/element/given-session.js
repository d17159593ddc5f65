// Who is signed in, by a token that the embedding page gives. It has the face of ports/session.js.
//
// A token is kept until it is about to end or is refused; then the page is asked for another. While it
// is not refused the page may give the same again: it is the service that says what is good. What a
// token says of its time is believed only as far as this device's clock fits to it; else the token has
// its whole life before it. It is read, not verified: the service does that; here it only keeps one
// person's transfers from another's. Events: "change".

import { SignedOut, Unreachable } from "../ports/api.js";

const SPARE_MS = 60_000;

/** `refused`: the token that was not taken, "" for none.
 * @typedef {(refused: string) => Promise<string | null | undefined> | string | null | undefined} GetToken
 * @typedef {{sub: string, username?: string, exp?: number, iat?: number}} Claims */

export class GivenSession extends EventTarget {
  #getToken;
  #now;
  #token = "";
  #refused = "";
  #endsAt = 0;
  #askAt = 0;
  /** @type {Promise<string> | undefined} */ #asking;
  /** @type {{id: string, name: string} | undefined} */ person;

  /** @param {GetToken} getToken @param {() => number} [now] */
  constructor(getToken, now = Date.now) {
    super();
    this.#getToken = getToken;
    this.#now = now;
  }

  /** Ask the page. @returns {Promise<boolean>} whether it gave a token */
  async signIn() {
    try {
      await this.#asked();
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
    return this.#now() < this.#askAt ? this.#token : this.#asked();
  }

  /** Another one than the refused. Throws SignedOut, Unreachable. @param {string} refused */
  async renewed(refused) {
    if (this.#token !== refused) return this.#token;
    this.#refused = refused;
    this.#askAt = 0;
    return this.#asked();
  }

  #asked() {
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask() {
    const given = await answer(this.#getToken, this.#refused);
    const claims = given && given !== this.#refused ? claimsOf(given) : undefined;
    if (!given || !claims) throw new SignedOut("the page gave no token that is good");
    this.#take(given, claims);
    this.dispatchEvent(new Event("change"));
    return given;
  }

  /** @param {string} given @param {Claims} claims */
  #take(given, claims) {
    const now = this.#now();
    if (given !== this.#token) this.#endsAt = now + lifeOf(claims, now);
    this.#askAt = [this.#endsAt - SPARE_MS, this.#endsAt].find((at) => at > now) ?? now + SPARE_MS;
    this.#token = given;
    this.#refused = "";
    this.person = { id: claims.sub, name: claims.username ?? claims.sub };
  }
}

/** How long it will still be taken, in ms. @param {Claims} claims @param {number} now */
function lifeOf({ exp, iat }, now) {
  if (!exp) return Infinity;
  const left = exp * 1000 - now;
  const whole = iat ? (exp - iat) * 1000 : Infinity;
  return left > 0 && left <= whole ? left : whole;
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
