// One transfer: what this device does for one upload, from the choice of a file to its end.
//
// Its state follows the table in engine/cycle.js. Here is what it is told; the rest is apart:
//
//   record.js    what is kept over a reload, and the state
//   known.js     the file, if it is at hand, and the upload as it was last seen
//   work.js      what it does by itself: be checked, be sent
//   client.js    its part at the board, over all its runs
//
// Who decides about turns is transfers.js.

import { isOver, verbsOf } from "../engine/cycle.js";
import { Client } from "./client.js";
import { Known } from "./known.js";
import { Work } from "./work.js";

/**
 * @typedef {import("../ports/kept.js").Kept} Kept
 * @typedef {import("./client.js").Ports & import("./work.js").Ports & {keep(kept: Kept): void}} Ports
 *   `keep`: remember this record
 */

export class Transfer extends Known {
  #clock;
  #client;
  #work;

  /** @param {Kept} kept @param {File | undefined} file @param {Ports} ports */
  constructor(kept, file, ports) {
    super(kept, file, ports);
    this.#clock = ports.clock;
    this.#client = new Client(kept, ports);
    this.#work = new Work(this, this.#client, ports);
  }

  /** Still finishing the parts in flight, on the way to a pause. */
  get resting() {
    return this.#work.intent !== undefined;
  }

  /** How many parts are under way from here. */
  get sending() {
    return this.#client.run?.sending ?? 0;
  }

  /** Bytes a second of this page; 0 while unknown. */
  get rate() {
    return this.#client.run?.rate ?? 0;
  }

  /** This device's row on the board; 0 while it has none. */
  get number() {
    return this.#client.run?.number || (this.kept.number ?? 0);
  }

  get verbs() {
    const { state, why, resting } = this;
    const { ownBytes, yours } = this.kept;
    return verbsOf({ state, why, resting, begun: ownBytes > 0, yours });
  }

  /** @returns {import("../engine/tally.js").Progress} */
  progress() {
    return this.#client.run?.progress() ?? this.tally.progress(this.#clock());
  }

  /** @override */
  keep() {
    this.kept.seq = this.#client.seq;
    super.keep();
  }

  prepare() {
    return this.#work.prepare();
  }

  /** Give it to a group, or, as a help, compare it.
   * @param {string} [group] @param {Promise<void>} [before] whose turn comes first */
  async check(group = this.kept.group, before) {
    const { kept } = this;
    kept.group = group;
    if (isOver(this.state) && !kept.helps && !this.hasWrongFile) kept.upload = "";
    kept.problem = undefined;
    if (this.state !== "unauthorized") this.digests = undefined; // those kept are good
    this.move(isOver(this.state) ? "again" : "authorize");
    await this.#work.check(before);
  }

  enqueue() {
    this.move("enqueue");
  }

  async start() {
    this.move("start");
    await this.#work.send();
  }

  /** After the parts in flight. */
  pause() {
    if (this.state === "active") return this.#work.rest("pause");
    this.#work.stop();
    this.move(this.state === "queued" && !this.kept.ownBytes ? "dequeue" : "pause");
  }

  giveWay() {
    this.#work.rest("give_way");
  }

  /** Without a network, or without a sign-in. @param {"offline" | "signed_out"} why */
  hold(why) {
    this.#client.tell({ kind: "hold", why });
    if (this.state === "active") this.suspend(why);
  }

  /** @param {"offline" | "signed_out"} why */
  goOn(why) {
    this.#client.tell({ kind: "go_on", why });
    if (this.state === "suspended" && this.why === why) this.move("go_on");
  }

  woke() {
    this.#client.tell({ kind: "woke" });
  }

  /** It cannot go on without its file. */
  lacksFile() {
    this.suspend(this.kept.handle ? "permission" : "file");
  }

  /** Cancelled for everybody: there is nobody to say it to. */
  cancelled() {
    this.#work.stop({ silent: true });
    if (!isOver(this.state)) this.move("cancel");
  }

  /** The page is closed, or nobody is interested any more. @param {{silent?: boolean}} [how] */
  leave(how) {
    this.#work.stop(how);
  }

  /** A part was sent from here. @param {number} bytes */
  sent(bytes) {
    this.kept.ownBytes += bytes;
    this.kept.share = this.progress().share;
    this.keepSoon();
  }

  /** A look at the upload while nothing is sent from here. @param {import("../engine/messages.js").Upload} upload
   * @param {import("../engine/messages.js").Client[]} [clients] */
  async saw(upload, clients) {
    const older = upload.generation < (this.upload?.generation ?? 0);
    if (this.#client.run || isOver(this.state) || older) return;
    this.tally.saw(upload, clients);
    this.upload = upload;
    this.kept.share = this.progress().share;
    if (["complete", "failed", "cancelled", "expired", "deleted"].includes(upload.status))
      return this.#work.over(upload.status, upload);
    if (this.state === "finalizing" && upload.status === "active") this.move("reopen");
    if (this.state === "suspended" && this.why === "everywhere" && upload.status !== "paused")
      this.move(upload.status === "assembling" ? "all_in" : "enqueue");
    this.changed();
  }
}
