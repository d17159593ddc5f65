// One transfer: what this device does for one upload, from the choice of a file to its end.
//
// Its state follows the table in engine/cycle.js. It is its record (what is kept over a reload), the
// file, if it is at hand, and while it is active, a run. Who decides about turns is transfers.js.
//
// At the board a transfer is one client, before and after a reload: only one tab at a time has it
// (ports/locks.js), and its `seq` goes on growing, being the time or more than what was kept.

import { isOver, verbsOf } from "../engine/cycle.js";
import { Engine } from "../engine/engine.js";
import { Tally } from "../engine/tally.js";
import { FileGone, sha256 } from "../ports/hasher.js";
import { check, openApart, Problem } from "./checking.js";
import { hashUntil } from "./hashing.js";
import { insist } from "./insist.js";
import { Record } from "./record.js";
import { Run } from "./run.js";

/**
 * @typedef {import("../engine/cycle.js").State} State
 * @typedef {import("../engine/cycle.js").Reason} Reason
 * @typedef {import("../ports/store.js").Kept} Kept
 * @typedef {import("./run.js").Ports & {hasher: import("./hashing.js").Hasher,
 *   line: import("./insist.js").Line, signIn: import("./insist.js").SignIn, random?: () => number,
 *   limits(): Promise<import("../engine/wire.js").Limits>, label(): string, client(id: string): string,
 *   limit: import("../engine/speed-limit.js").SpeedLimit, keep(kept: Kept): void}} Ports
 *   `keep`: remember this record; `client`: the name at the board of the transfer with this id
 */

const SEQ_MARGIN = 1_000;

export class Transfer extends Record {
  #ports;
  #client;
  #seq;
  /** @type {"pause" | "give_way" | undefined} */ #intent;
  /** @type {AbortController | undefined} */ #work;
  /** @type {Run | undefined} */ #run;
  /** @type {Engine | undefined} */ #engine;
  /** @type {import("../engine/parts.js").Digests | undefined} */ digests;
  /** @type {File | undefined} */ file;
  /** @type {import("../engine/wire.js").Upload | undefined} */ upload;

  /** @param {Kept} kept @param {File | undefined} file @param {Ports} ports */
  constructor(kept, file, ports) {
    super(kept, ports);
    this.file = file;
    this.tally = new Tally(ports.clock());
    this.#ports = ports;
    this.#client = ports.client(kept.id);
    this.#seq = Math.max(Date.now(), (kept.seq ?? 0) + SEQ_MARGIN);
  }

  /** Still finishing the parts in flight, on the way to a pause. */
  get resting() {
    return this.#intent !== undefined;
  }

  /** How many parts are under way from here. */
  get sending() {
    return this.#run?.sending ?? 0;
  }

  /** Bytes a second of this page; 0 while unknown. */
  get rate() {
    return this.#run?.rate ?? 0;
  }

  /** This device's row on the board; 0 while it has none. */
  get number() {
    return this.#run?.number || (this.kept.number ?? 0);
  }

  /** Whoever tries again must choose the file first. */
  get lacksItsFile() {
    return !this.file && !this.kept.handle;
  }

  /** Which of the file's bytes are hashed, of 1; for the time of checking. */
  get checked() {
    const { digests } = this;
    if (!digests) return 0;
    const page = digests.plan.pageParts * digests.plan.partSize;
    return this.kept.size ? Math.min(1, digests.bytes / Math.min(this.kept.size, page)) : 1;
  }

  get verbs() {
    const { state, why, resting } = this;
    const { ownBytes, yours } = this.kept;
    return verbsOf({ state, why, resting, begun: ownBytes > 0, yours });
  }

  /** @returns {import("../engine/tally.js").Progress} */
  progress() {
    return this.#run ? this.#run.progress() : this.tally.progress(this.#ports.clock());
  }

  /** @override */
  keep() {
    this.kept.seq = this.#engine?.seq ?? this.#seq;
    super.keep();
  }

  /** Give it to a group, or, as a help, compare it: hash, ask the service, compare.
   * @param {string} [group] @param {Promise<void>} [before] whose turn comes first */
  async check(group = this.kept.group, before) {
    const { kept } = this;
    kept.group = group;
    if (isOver(this.state) && !kept.helps && !isWrongFile(kept.problem)) kept.upload = "";
    kept.problem = undefined;
    this.move(isOver(this.state) ? "again" : "authorize");
    await this.#guard(async (means) => {
      await before;
      means.signal.throwIfAborted();
      const file = this.#theFile();
      const checked = await check(this.kept, file, means, (digests) => (this.digests = digests));
      this.kept.modified = file.lastModified;
      this.#opened(checked);
      if (checked.stored) await this.#settled(checked.upload, true);
      else this.move("checked");
    });
  }

  enqueue() {
    this.move("enqueue");
  }

  /** Send, until it is over or something else is wanted. */
  async start() {
    this.move("start");
    await this.#guard(async (means) => {
      const file = this.#theFile();
      if (!this.digests || !this.upload) await this.#openAgain(file, means);
      await this.#send(file, means);
    });
  }

  /** After the parts in flight. */
  pause() {
    if (this.state === "active") return this.#rest("pause");
    this.#stop();
    this.move(this.state === "queued" && !this.kept.ownBytes ? "dequeue" : "pause");
  }

  giveWay() {
    this.#rest("give_way");
  }

  /** Without a network, or without a sign-in. @param {"offline" | "signed_out"} why */
  hold(why) {
    this.#run?.tell({ kind: "hold", why });
    if (this.state === "active") this.suspend(why);
  }

  /** @param {"offline" | "signed_out"} why */
  goOn(why) {
    this.#run?.tell({ kind: "go_on", why });
    if (this.state === "suspended" && this.why === why) this.move("go_on");
  }

  woke() {
    this.#run?.tell({ kind: "woke" });
  }

  /** The file is at hand again. @param {File} file @param {FileSystemFileHandle} [handle] */
  provide(file, handle) {
    if (file.size !== this.kept.size) throw new Problem("another_size");
    this.file = file;
    if (handle) this.kept.handle = handle;
    if (file.lastModified !== this.kept.modified) this.digests = undefined;
  }

  /** It cannot go on without its file. */
  lacksFile() {
    this.suspend(this.kept.handle ? "permission" : "file");
  }

  /** Cancelled for everybody, by whomever. */
  cancelled() {
    this.#stop();
    if (!isOver(this.state)) this.move("cancel");
  }

  /** The page is closed, or nobody is interested any more. @param {{silent?: boolean}} [how] */
  leave(how) {
    this.#stop(how);
  }

  /** A look at the upload while nothing is sent from here. @param {import("../engine/wire.js").Upload} upload
   * @param {import("../engine/wire.js").Client[]} [clients] */
  async saw(upload, clients) {
    if (this.#run || isOver(this.state) || upload.generation < (this.upload?.generation ?? 0)) return;
    this.tally.saw(upload, clients);
    this.upload = upload;
    this.kept.share = this.progress().share;
    if (["complete", "failed", "cancelled", "expired", "deleted"].includes(upload.status))
      return this.#over(upload.status);
    if (this.state === "finalizing" && upload.status === "active") this.move("reopen");
    if (this.state === "suspended" && this.why === "everywhere" && upload.status !== "paused")
      this.move(upload.status === "assembling" ? "all_in" : "enqueue");
    this.changed();
  }

  /** @param {import("./checking.js").Checked} checked */
  #opened({ upload, digests }) {
    const { kept } = this;
    this.upload = upload;
    this.digests = digests;
    Object.assign(kept, {
      upload: upload.id,
      yours: upload.yours,
      name: upload.name,
      partSize: upload.part_size,
    });
    kept.digests = digests.prefix();
    this.tally.saw(upload, []);
  }

  /** After a reload: what is hashed is known, what the service says must be asked.
   * @param {File} file @param {import("./checking.js").Means} means */
  async #openAgain(file, means) {
    this.#opened(await check(this.kept, file, means, (digests) => (this.digests = digests)));
    this.kept.modified = file.lastModified;
    this.changed();
  }

  /** @param {File} file @param {import("./checking.js").Means} means */
  async #send(file, means) {
    const upload = /** @type {import("../engine/wire.js").Upload} */ (this.upload);
    const digests = /** @type {import("../engine/parts.js").Digests} */ (this.digests);
    const engine = new Engine({
      client: this.#client,
      label: this.#ports.label(),
      partSize: upload.part_size,
      maxHeld: means.limits.max_held,
      seq: this.#seq,
      limit: this.#ports.limit,
      random: this.#ports.random,
    });
    const sent = (/** @type {number} */ bytes) => this.#sent(bytes);
    const run = new Run({ upload, file, digests, engine, tally: this.tally, ports: this.#ports, sent });
    this.#run = run;
    this.#engine = engine;
    const ahead =
      this.kept.helps && !upload.yours ? Promise.resolve() : this.#hashAhead(file, digests, means);
    const outcome = await Promise.race([run.go(), ahead.then(() => never())]).catch((error) => {
      run.leave();
      throw error;
    });
    this.#seq = engine.seq;
    this.kept.number = run.number;
    this.#run = undefined;
    await this.#follow(outcome, file, means);
  }

  /** @param {File} file @param {import("../engine/parts.js").Digests} digests
   *  @param {import("./checking.js").Means} means */
  async #hashAhead(file, digests, means) {
    const progress = () => {
      if (digests.known % digests.plan.pageParts && !digests.whole) return;
      this.kept.digests = digests.prefix();
      this.keep();
      this.#run?.hashed();
    };
    await hashUntil(file, digests, means.hasher, {
      signal: means.signal,
      until: digests.plan.count,
      progress,
    });
  }

  /** @param {import("./run.js").Outcome} outcome @param {File} file @param {import("./checking.js").Means} means */
  async #follow(outcome, file, means) {
    const intent = this.#intent ?? "pause";
    this.#intent = undefined;
    switch (outcome.kind) {
      case "left":
        return;
      case "rested":
        if (outcome.status === "paused") return this.suspend("everywhere");
        return this.move(intent);
      case "ended":
        return outcome.status === "assembling" ? this.move("all_in") : this.#over(outcome.status);
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

  /** Its parts are not those of the upload. @param {File} file @param {import("./checking.js").Means} means */
  async #apart(file, means) {
    if (this.kept.helps) throw new Problem("another_file");
    const digests = /** @type {import("../engine/parts.js").Digests} */ (this.digests);
    const former = this.kept.upload;
    const checked = await openApart(this.kept, file, digests, means);
    if (checked.upload.id === former) throw new Problem("file_changed");
    this.#opened(checked);
    if (checked.stored) return this.#settled(checked.upload, true);
    return this.#send(file, means);
  }

  /** @param {string} status of an upload that is over */
  async #over(status) {
    this.#stop();
    if (isOver(this.state)) return;
    if (status === "complete") await this.#settled(undefined, false);
    else if (status === "cancelled" || status === "deleted") this.move("cancel");
    else this.#fail(new Problem(`upload_${status}`, this.upload?.reason));
  }

  /** Everything is in. "Stored" is said only of the very file that is here.
   * @param {import("../engine/wire.js").Upload | undefined} upload @param {boolean} already */
  async #settled(upload, already) {
    if (upload?.status === "assembling") return this.move("all_in");
    const final = upload ?? (await this.#ports.api.upload(this.kept.upload)).upload;
    this.tally.saw(final);
    const { digests } = this;
    const own = digests?.whole && !this.kept.helps ? await digests.checksum(sha256) : final.checksum;
    if (isOver(this.state)) return; // it was seen twice, by the run and in the list
    if (own !== final.checksum) return this.#fail(new Problem("another_file"));
    this.kept.already = already;
    this.kept.share = 1;
    this.move("stored");
  }

  /** @param {number} bytes */
  #sent(bytes) {
    this.kept.ownBytes += bytes;
    this.kept.share = this.progress().share;
    this.keepSoon();
  }

  /** @param {"pause" | "give_way"} intent */
  #rest(intent) {
    this.#intent = intent;
    this.#run?.tell({ kind: "rest" });
    if (!this.#run) this.#stopThen(intent);
    this.changed();
  }

  /** @param {"pause" | "give_way"} intent */
  #stopThen(intent) {
    this.#stop();
    this.#intent = undefined;
    this.move(intent);
  }

  /** @param {{silent?: boolean}} [how] */
  #stop(how) {
    this.#work?.abort();
    this.#run?.leave(how);
    this.#run = undefined;
    this.#intent = undefined;
  }

  #theFile() {
    if (!this.file) throw new Problem("no_file");
    return this.file;
  }

  /** Do something that may be broken off, and make what goes wrong the transfer's problem.
   * @param {(means: import("./checking.js").Means) => Promise<void>} act */
  async #guard(act) {
    this.#work?.abort();
    const work = new AbortController();
    this.#work = work;
    const { signal } = work;
    try {
      await act(await this.#means(signal));
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    } finally {
      if (this.#work === work) this.#work = undefined;
      work.abort();
    }
  }

  /** @param {AbortSignal} signal @returns {Promise<import("./checking.js").Means>} */
  async #means(signal) {
    const { api, hasher, line, signIn, random } = this.#ports;
    return {
      api,
      hasher,
      signal,
      limits: await this.#ports.limits(),
      ask: (call) => insist(() => call({ signal }), { line, signIn, signal, random }),
      progress: () => this.changed(),
    };
  }

  /** @param {unknown} error */
  #fail(error) {
    this.failed(error);
    if (!isWrongFile(this.kept.problem) && !(error instanceof FileGone)) return;
    this.file = undefined; // whoever tries again must choose
    this.digests = undefined;
    this.kept.handle = undefined;
  }
}

/** The file chosen to go on is not the one that was begun with; what was begun stays.
 * @param {Kept["problem"]} problem */
function isWrongFile(problem) {
  return problem?.code === "another_file" || problem?.code === "another_size";
}

/** @returns {Promise<never>} */
function never() {
  return new Promise(() => {});
}
