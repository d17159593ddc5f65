// What is known of an upload's progress, by all devices and by this one.
//
// The number of bytes done never goes back: it is the board's, plus what this page has sent and not
// yet reported. What is under way is not counted, because it may fail. The time left follows from
// the speeds of all devices together; in the first seconds, and when all is in, nothing is said.

import { stageOf } from "./stages.js";

const QUIET_S = 4;
const PRESENT_S = 30;

/** @typedef {import("./messages.js").Upload} Upload
 *  @typedef {import("./messages.js").Client} Client
 *  @typedef {{share: number, bytesDone: number, rate: number, devices: number, etaS?: number,
 *    aloneS?: number}} Progress */

export class Tally {
  #since;
  #boardBytes = 0;
  #most = 0;
  #generation = 0;
  #heardAt = 0;
  /** @type {Client[] | undefined} */ #heard;
  /** @type {Client[]} */ clients = [];
  /** @type {Upload | undefined} */ upload;

  /** @param {number} now in seconds */
  constructor(now) {
    this.#since = now;
  }

  /** A look at the upload. @param {Upload} upload @param {Client[]} [clients] */
  saw(upload, clients) {
    if (upload.generation !== this.#generation) this.#most = 0;
    this.#generation = upload.generation;
    this.upload = upload;
    this.#boardBytes = upload.bytes_done;
    if (clients) this.clients = clients;
  }

  /** An exchange's answer. @param {import("./messages.js").ExchangeReply} reply */
  answered({ status, progress, clients }) {
    if (!this.upload) return;
    const { parts_known, parts_done, bytes_done } = progress;
    this.saw({ ...this.upload, status, parts_known, parts_done, bytes_done }, clients);
  }

  /** How many seconds ago the devices' rows were news. @param {number} now */
  age(now) {
    if (this.#heard !== this.clients) this.#heardAt = now;
    this.#heard = this.clients;
    return now - this.#heardAt;
  }

  /** @param {number} now @param {{rate?: number, ahead?: number}} [own] this page's speed, and bytes
   *  sent that the board does not count yet @returns {Progress} */
  progress(now, { rate = 0, ahead = 0 } = {}) {
    const size = this.upload?.size ?? 0;
    this.#most = Math.max(this.#most, Math.min(size, this.#boardBytes + ahead));
    const age = this.age(now);
    const present = this.clients.filter((client) => isPresent(client, age));
    const holding = present.filter(({ held }) => held.length);
    const moving = stageOf(this.upload?.status ?? "") === "working";
    const total = moving ? Math.max(rate, sum(holding.map((c) => c.rate))) : 0;
    const left = size - this.#most;
    return {
      share: size ? this.#most / size : Number(stageOf(this.upload?.status ?? "") === "over"),
      bytesDone: this.#most,
      rate: total,
      devices: present.length,
      etaS: total && left && now - this.#since >= QUIET_S ? left / total : undefined,
      aloneS: rate ? size / rate : undefined,
    };
  }
}

/** At work now, as far as is known; who works is heard of every twenty seconds at the latest.
 * @param {Client} client @param {number} [age] of this knowledge, in seconds */
export function isPresent(client, age = 0) {
  return client.alive && client.seen_s + age < PRESENT_S;
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, n) => total + n, 0);
}
