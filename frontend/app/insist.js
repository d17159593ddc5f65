// A call that is safe to repeat, repeated until it is answered.
//
// Without a network it waits for one, without a sign-in for that; what the service refuses for good
// is thrown. All calls of the protocol may be repeated.

import { RULES, waitS } from "../engine/rules.js";
import { Refused, SignedOut, Unreachable } from "../ports/api.js";

/** @typedef {{isUp(signal?: AbortSignal): Promise<void>, suspect(): void}} Line
 *  @typedef {{isSignedIn(signal?: AbortSignal): Promise<void>}} SignIn */

/** @template T @param {() => Promise<T>} call
 *  @param {{line: Line, signIn: SignIn, signal: AbortSignal, random?: () => number}} options
 *  @returns {Promise<T>} rejects with Refused, or with the signal's reason */
export async function insist(call, { line, signIn, signal, random = Math.random }) {
  for (let failures = 1; ; failures++) {
    signal.throwIfAborted();
    await line.isUp(signal);
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof SignedOut) await signIn.isSignedIn(signal);
      else await pause(waitS(RULES, failures, random, afterS(error, line)), signal);
    }
  }
}

/** Throws what is not worth another try. @param {unknown} error @param {Line} line */
function afterS(error, line) {
  if (error instanceof Refused && error.retryable) return error.afterS;
  if (!(error instanceof Unreachable)) throw error;
  line.suspect();
  return 0;
}

/** @param {number} seconds @param {AbortSignal} signal @returns {Promise<void>} */
export function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener("abort", stop, { once: true });
  });
}
