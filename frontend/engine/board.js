// What a board looks like, without a screen: a cell for each part, a letter for each device.
//
// The service sends the tickets as base64 of a byte for each part: 0, or the number of the device
// that brought it. What devices hold comes with their rows. Two holders are a rescue.

import { fromBase64 } from "./wire.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** @typedef {import("./messages.js").Board} Board
 *  @typedef {import("./messages.js").Client} Client
 *  @typedef {{state: "open" | "held" | "twice" | "done", number: number}} Cell */

/** @param {Board} board @returns {Cell[]} in the order of the parts */
export function cells(board) {
  const holders = holdersOf(board.clients);
  return Array.from(fromBase64(board.tickets), (number, index) => cell(number, holders.get(index + 1) ?? []));
}

/** @param {number} number @param {number[]} holders @returns {Cell} */
function cell(number, holders) {
  if (number) return { state: "done", number };
  if (holders.length > 1) return { state: "twice", number: holders[1] };
  if (holders.length) return { state: "held", number: holders[0] };
  return { state: "open", number: 0 };
}

/** @param {Client[]} clients @returns {Map<number, number[]>} */
function holdersOf(clients) {
  const holders = new Map();
  for (const client of clients)
    for (const part of client.held) holders.set(part, [...(holders.get(part) ?? []), client.number]);
  return holders;
}

/** How many parts are in each state. @param {Cell[]} found */
export function counts(found) {
  const count = { open: 0, held: 0, twice: 0, done: 0 };
  for (const { state } of found) count[state] += 1;
  return count;
}

/** Remembers which parts were on their way twice, as long as somebody watches. */
export class Rescues {
  /** @type {Set<number>} */ #twice = new Set();
  #key = "";

  /** @param {string} key of the upload and its generation @param {Cell[]} found */
  saw(key, found) {
    if (key !== this.#key) this.#twice.clear();
    this.#key = key;
    found.forEach(({ state }, index) => state === "twice" && this.#twice.add(index));
  }

  /** @param {number} index */
  has(index) {
    return this.#twice.has(index);
  }

  get count() {
    return this.#twice.size;
  }
}

/** A device's letter, so that colour is not its only sign. @param {number} number */
export function letter(number) {
  return LETTERS[(number - 1) % LETTERS.length];
}

/** Its colour, as a hue well apart from its neighbours'. @param {number} number */
export function hue(number) {
  return Math.round((190 + (number - 1) * 137.508) % 360);
}

/** How cells are laid out: the largest squares that fit in the width and the height.
 * @param {number} count @param {number} width @param {number} height @param {number} largest */
export function grid(count, width, height, largest = 30) {
  let size = Math.min(largest, Math.floor(width));
  while (size > 2 && Math.ceil(count / Math.floor(width / size)) * size > height) size -= 1;
  const columns = Math.max(1, Math.floor(width / size));
  return { size, columns, rows: Math.ceil(count / columns) };
}

/** Which verbs make sense for an upload now. @param {{status: string, yours: boolean}} upload */
export function verbs({ status, yours }) {
  const open = ["initialized", "active", "paused"].includes(status);
  return {
    help: open,
    pause: open && status !== "paused",
    resume: status === "paused",
    cancel: open && yours,
    delete: status === "complete" && yours,
    download: status === "complete",
  };
}
