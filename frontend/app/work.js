// What a transfer does by itself, one thing at a time: be checked, or be sent; and what comes of it.
//
// An AbortController is the only way to break it off, and being broken off is no error. Whatever else
// goes wrong is the transfer's problem.

import { isOver } from "../engine/cycle.js";
import { FileGone } from "../ports/hasher.js";
import { check, digestsOf, hashBeginning, Problem } from "./checking.js";
import { insist } from "./insist.js";

/** @typedef {import("./checking.js").Means} Means
 *  @typedef {"pause" | "give_way"} Intent
 *  @typedef {{api: import("../ports/api.js").Api, hasher: import("./hashing.js").Hasher,
 *   line: import("./insist.js").Line, signIn: import("./insist.js").SignIn, random?: () => number,
 *   limits(): Promise<import("../engine/messages.js").Limits>}} Ports */

export class Work {
  #of;
  #client;
  #ports;
  /** @type {Intent | undefined} */ #intent;
  /** @type {AbortController | undefined} */ #current;

  /** @param {import("./transfer.js").Transfer} of @param {import("./client.js").Client} client @param {Ports} ports */
  constructor(of, client, ports) {
    this.#of = of;
    this.#client = client;
    this.#ports = ports;
  }

  /** What follows the parts in flight, if that was wanted. */
  get intent() {
    return this.#intent;
  }

  /** Hash the beginning while the person still looks at what was chosen. */
  prepare() {
    return this.#guard(async (means) => {
      const file = this.#theFile();
      const digests = (this.#of.digests ??= digestsOf(this.#of.kept, file, means));
      await hashBeginning(file, digests, means).catch(() => {}); // it is told when it is checked
    });
  }

  /** Hash, ask the service, compare. @param {Promise<void>} [before] whose turn comes first */
  check(before) {
    return this.#guard(async (means) => {
      await before;
      means.signal.throwIfAborted();
      const checked = await this.#open(this.#theFile(), means);
      if (checked.stored) await this.#settled(checked.upload, true);
      else this.#of.move("checked");
    });
  }

  /** Send, until it is over or something else is wanted. */
  send() {
    return this.#guard(async (means) => {
      const file = this.#theFile();
      if (!this.#of.digests || !this.#of.upload) await this.#open(file, means); // after a reload
      await this.#send(file, means);
    });
  }

  /** @param {Intent} intent */
  rest(intent) {
    this.#intent = intent;
    this.#client.tell({ kind: "rest" });
    if (!this.#client.run) this.#stopThen(intent);
    this.#of.changed();
  }

  /** @param {{silent?: boolean}} [how] */
  stop(how) {
    this.#current?.abort();
    this.#client.leave(how);
    this.#intent = undefined;
  }

  /** @param {string} status of an upload that is over
   *  @param {import("../engine/messages.js").Upload} [seen] as it was seen then */
  async over(status, seen) {
    this.stop();
    if (isOver(this.#of.state)) return;
    if (status === "complete") await this.#settled(seen, false);
    else if (status === "cancelled" || status === "deleted") this.#of.move("cancel");
    else this.#of.failed(new Problem(`upload_${status}`, this.#of.upload?.reason));
  }

  /** @param {File} file @param {Means} means */
  async #open(file, means) {
    const digests = (this.#of.digests ??= digestsOf(this.#of.kept, file, means));
    const checked = await check(this.#of.kept, file, digests, means);
    this.#of.opened(checked, file);
    return checked;
  }

  /** @param {File} file @param {Means} means */
  async #send(file, means) {
    const { kept, tally } = this.#of;
    const upload = /** @type {import("../engine/messages.js").Upload} */ (this.#of.upload);
    const digests = /** @type {import("../engine/parts.js").Digests} */ (this.#of.digests);
    const ahead = !kept.helps || upload.yours;
    const sent = (/** @type {number} */ bytes) => this.#of.sent(bytes);
    const hashed = () => {
      kept.digests = digests.prefix();
      this.#of.keep();
    };
    const task = { upload, file, digests, tally, ahead, proven: Number(!kept.helps), sent, hashed };
    const { outcome, number } = await this.#client.send(task, means);
    kept.number = number;
    await this.#follow(outcome, file, means);
  }

  /** @param {import("./run.js").Outcome} outcome @param {File} file @param {Means} means */
  async #follow(outcome, file, means) {
    const intent = this.#intent ?? "pause";
    this.#intent = undefined;
    switch (outcome.kind) {
      case "left":
        return;
      case "rested":
        if (outcome.status === "paused") return this.#of.suspend("everywhere");
        return this.#of.move(intent);
      case "ended":
        return outcome.status === "assembling" ? this.#of.move("all_in") : this.over(outcome.status);
      case "gave_up":
        throw new Problem(outcome.code, outcome.detail);
      case "refused":
        throw outcome.error;
      case "gone":
        throw new FileGone("gone");
      case "differs":
        return this.#apart(file, means);
    }
  }

  /** Its parts are not those of the upload. @param {File} file @param {Means} means */
  async #apart(file, means) {
    const { kept } = this.#of;
    if (kept.helps) throw new Problem("another_file");
    const digests = /** @type {import("../engine/parts.js").Digests} */ (this.#of.digests);
    const former = kept.upload;
    const { openApart } = await import("./comparing.js");
    const checked = await openApart(kept, file, digests, means);
    if (checked.upload.id === former) throw new Problem("file_changed");
    this.#of.opened(checked, file);
    if (checked.stored) return this.#settled(checked.upload, true);
    return this.#send(file, means);
  }

  /** @param {import("../engine/messages.js").Upload | undefined} upload @param {boolean} already */
  async #settled(upload, already) {
    if (upload?.status === "assembling") return this.#of.move("all_in");
    const final = upload ?? (await this.#ports.api.upload(this.#of.kept.upload)).upload;
    return this.#of.settled(final, already);
  }

  /** @param {Intent} intent */
  #stopThen(intent) {
    this.stop();
    this.#of.move(intent);
  }

  #theFile() {
    if (!this.#of.file) throw new Problem("no_file");
    return this.#of.file;
  }

  /** @param {(means: Means) => Promise<void>} act */
  async #guard(act) {
    this.#current?.abort();
    const work = new AbortController();
    this.#current = work;
    const { signal } = work;
    try {
      const means = await this.#means(signal);
      signal.throwIfAborted();
      await act(means);
    } catch (error) {
      if (!signal.aborted) this.#of.failed(error);
    } finally {
      if (this.#current === work) this.#current = undefined;
      work.abort();
    }
  }

  /** @param {AbortSignal} signal @returns {Promise<Means>} */
  async #means(signal) {
    const { api, hasher, line, signIn, random } = this.#ports;
    return {
      api,
      hasher,
      signal,
      limits: await this.#ports.limits(),
      ask: (call) => insist(() => call({ signal }), { line, signIn, signal, random }),
      progress: () => this.#of.changed(),
    };
  }
}
