// How many tickets this client wants, how early it asks for more, how long it waits after failures.
//
// Tickets are wanted by time, not by number: as many as keep the client busy for `busyS` at its
// measured speed. A client uses no more connections than half of that: a slow line that sends six
// parts side by side finishes all of them late. As the command line, which finds out how many help.

/**
 * `connections`: the most parts under way; `fewest`: as many as that even on a slow line; `tries`:
 * failures in a row after which a ticket is given back; `refusals`: errors of the storage in a row,
 * over all parts, after which the client gives up.
 */
export const RULES = Object.freeze({
  connections: 6,
  fewest: 2,
  busyS: 12,
  spareS: 1,
  reportS: 8,
  heartbeatS: 20,
  soonestS: 0.2,
  tries: 4,
  refusals: 24,
  backoffBaseS: 0.5,
  backoffCapS: 15,
});

/** @typedef {typeof RULES} Rules */

/** How many tickets to hold. @param {Rules} rules @param {number} rate @param {number} partSize @param {number} maxHeld */
export function hold(rules, rate, partSize, maxHeld) {
  const fewest = Math.min(rules.fewest, rules.connections);
  return Math.min(maxHeld, Math.max(fewest, Math.ceil((rate * rules.busyS) / partSize)));
}

/** The most connections. @param {Rules} rules @param {number} held */
export function widest(rules, held) {
  return Math.max(Math.min(rules.fewest, rules.connections), Math.floor(held / 2));
}

/** How many tickets not yet begun are enough not to ask for more.
 * @param {Rules} rules @param {number} rate @param {number} partSize @param {number} held */
export function spare(rules, rate, partSize, held) {
  return Math.max(1, Math.min(Math.ceil((rate * rules.spareS) / partSize), Math.floor(held / 2)));
}

/** Seconds to wait after so many failures in a row: exponential, with full jitter.
 * Source: Brooker, "Exponential backoff and jitter", AWS 2015.
 * @param {Rules} rules @param {number} failures @param {() => number} random @param {number} [atLeastS] */
export function waitS(rules, failures, random, atLeastS = 0) {
  const ceiling = Math.min(rules.backoffCapS, rules.backoffBaseS * 2 ** Math.min(failures - 1, 30));
  return Math.max(atLeastS, random() * ceiling);
}
