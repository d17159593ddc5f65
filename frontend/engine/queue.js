// Whose turn it is: the queue's order, and how many may be active at once.

import { takesPlace } from "./cycle.js";

/** @typedef {{id: string, state: import("./cycle.js").State, why?: import("./cycle.js").Reason}} Entry */

/** Which queued entries may start now, first come first served.
 * @template {Entry} T @param {T[]} entries in their order @param {number} places @returns {T[]} */
export function startable(entries, places) {
  const taken = entries.filter((e) => takesPlace(e.state, e.why)).length;
  return entries.filter((e) => e.state === "queued").slice(0, Math.max(0, places - taken));
}

/** Which active entries give way so that there is a place for one more: those that began last.
 * @template {Entry} T @param {T[]} entries @param {number} places @returns {T[]} */
export function givingWay(entries, places) {
  const taking = entries.filter((e) => takesPlace(e.state, e.why));
  const tooMany = taking.length + 1 - places;
  return tooMany > 0 ? taking.filter((e) => e.state === "active").slice(-tooMany) : [];
}

/** The order with one queued entry moved past the next queued one in that direction.
 * @template {Entry} T @param {T[]} entries @param {string} id @param {-1 | 1} step @returns {T[]} */
export function moved(entries, id, step) {
  const queued = entries.filter((e) => e.state === "queued");
  const at = queued.findIndex((e) => e.id === id);
  const other = queued[at + step];
  if (at < 0 || !other) return entries;
  return placed(entries, id, other.id, step > 0);
}

/** The order with one entry taken out and put before, or behind, another.
 * @template {Entry} T @param {T[]} entries @param {string} id @param {string} other
 * @param {boolean} behind @returns {T[]} */
export function placed(entries, id, other, behind) {
  const one = entries.find((e) => e.id === id);
  if (!one || id === other) return entries;
  const rest = entries.filter((e) => e.id !== id);
  const at = rest.findIndex((e) => e.id === other);
  return at < 0 ? entries : [...rest.slice(0, at + Number(behind)), one, ...rest.slice(at + Number(behind))];
}
