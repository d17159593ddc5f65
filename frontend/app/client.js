// A transfer at the board: one client, before and after a reload.
//
// Only one tab at a time has it (ports/locks.js), and its `seq` goes on growing from run to run, being
// the time or more than what was kept.

import { Engine } from "../engine/engine.js";
import { pageOf } from "../engine/parts.js";
import { hashUntil } from "./hashing.js";
import { Run } from "./run.js";

/** @typedef {import("./run.js").Ports & {random?: () => number, label(): string,
 *   limit: import("../engine/speed-limit.js").SpeedLimit, client(id: string): string}} Ports
 *   `client`: the name at the board of the transfer with this id
 *  @typedef {{upload: import("../engine/messages.js").Upload, file: File, tally: import("../engine/tally.js").Tally,
 *   digests: import("../engine/parts.js").Digests, ahead: boolean, proven: number,
 *   sent: (bytes: number) => void, hashed: () => void}} Task
 *   `ahead`: hash on for the manifest; `proven`: see Pager; `sent`: called for each part; `hashed`: for
 *   each page of it */

const SEQ_MARGIN = 1_000;

export class Client {
  #ports;
  #name;
  #seq;
  /** @type {Engine | undefined} */ #engine;
  /** @type {Run | undefined} */ #run;

  /** @param {{id: string, seq?: number}} kept @param {Ports} ports */
  constructor({ id, seq = 0 }, ports) {
    this.#ports = ports;
    this.#name = ports.client(id);
    this.#seq = Math.max(Date.now(), seq + SEQ_MARGIN);
  }

  /** Of the last exchange. */
  get seq() {
    return this.#engine?.seq ?? this.#seq;
  }

  get run() {
    return this.#run;
  }

  /** Send, until it is over or something else is wanted.
   * @param {Task} task @param {import("./checking.js").Means} means
   * @returns {Promise<{outcome: import("./run.js").Outcome, number: number}>} with the row on the board;
   *   rejects with FileGone, or with the signal's reason */
  async send(task, means) {
    this.#engine = this.#newEngine(task.upload, means);
    const run = new Run({ ...task, engine: this.#engine, ports: this.#ports });
    this.#run = run;
    const ahead = task.ahead ? this.#hashAhead(task, means) : never();
    try {
      return { outcome: await Promise.race([run.go(), ahead.then(never)]), number: run.number };
    } catch (error) {
      run.leave();
      throw error;
    } finally {
      if (this.#run === run) this.#run = undefined;
    }
  }

  /** @param {import("../engine/happenings.js").Happening} happening */
  tell(happening) {
    this.#run?.tell(happening);
  }

  /** Give everything back, at once. @param {{silent?: boolean}} [how] */
  leave(how) {
    this.#run?.leave(how);
    this.#run = undefined;
  }

  /** @param {Task["upload"]} upload @param {import("./checking.js").Means} means */
  #newEngine(upload, { limits }) {
    const { limit, random } = this.#ports;
    return new Engine({
      who: { client: this.#name, label: this.#ports.label(), generation: upload.generation },
      partSize: upload.part_size,
      maxHeld: limits.max_held,
      seq: this.seq,
      limit,
      random,
    });
  }

  /** @param {Task} task @param {import("./checking.js").Means} means */
  async #hashAhead({ file, digests, hashed }, { hasher, signal }) {
    let told = 0;
    const progress = () => {
      const pages = digests.whole ? Infinity : pageOf(digests.plan, digests.known + 1)[0];
      if (pages === told) return;
      told = pages;
      hashed();
      this.#run?.hashed();
    };
    await hashUntil(file, digests, hasher, { signal, until: digests.plan.count, progress });
  }
}

/** @returns {Promise<never>} */
function never() {
  return new Promise(() => {});
}
