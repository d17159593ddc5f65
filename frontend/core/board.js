// What a board looks like, without a screen: a cell for each part, a letter for each device.
//
// The service sends the tickets as base64 of a byte for each part: 0, or the number of the device
// that brought it. What devices hold comes with their rows. Two holders are a rescue.

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * @typedef {{number: number, label: string, person: string, rate: number, parts: number,
 *   bytes: number, seen_s: number, alive: boolean, held: number[]}} Client
 * @typedef {{tickets: string, clients: Client[]}} Board
 * @typedef {{state: "open" | "held" | "rescued" | "done", number: number}} Cell
 */

/** @param {Board} board @returns {Cell[]} in the order of the parts */
export function cells(board) {
  const done = Uint8Array.from(atob(board.tickets), (c) => c.charCodeAt(0));
  const holders = holdersOf(board.clients);
  return Array.from(done, (number, index) => cell(number, holders.get(index + 1) ?? []));
}

/** @param {number} number @param {number[]} holders @returns {Cell} */
function cell(number, holders) {
  if (number) return { state: "done", number };
  if (holders.length > 1) return { state: "rescued", number: holders[1] };
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

/** A device's letter, so that colour is not its only sign. @param {number} number */
export function letter(number) {
  return LETTERS[(number - 1) % LETTERS.length];
}

/** Its colour, as a hue well apart from its neighbours'. @param {number} number */
export function hue(number) {
  return Math.round((190 + (number - 1) * 137.508) % 360);
}

/** Which verbs make sense now. @param {{status: string, yours: boolean}} upload */
export function verbs({ status, yours }) {
  const open = ["initialized", "active", "paused"].includes(status);
  return {
    pause: open && status !== "paused",
    resume: status === "paused",
    cancel: open && yours,
    delete: status === "complete" && yours,
    download: status === "complete",
  };
}

/** Seconds until it makes sense to look again; 0 for never. @param {string} status */
export function lookAgain(status) {
  if (["active", "assembling"].includes(status)) return 1;
  return ["initialized", "paused"].includes(status) ? 3 : 0;
}
