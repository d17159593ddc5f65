// All transfers of this page, in their order, and whose turn it is.
//
// One is active at a time by default; when a place becomes free the next in the queue begins. One
// transfer's failure does not touch the others. Events: "changed"; "moved" with {transfer, event}.

import { isOver } from "../engine/cycle.js";
import { givingWay, moved, placed, startable } from "../engine/queue.js";
import { reopen } from "../ports/files.js";
import { Transfer } from "./transfer.js";

const LOOK_MS = 2_000;
const SOON_MS = 100;

/**
 * @typedef {import("../ports/files.js").Chosen} Chosen
 * @typedef {import("../engine/messages.js").Upload} Upload
 * @typedef {{store: import("../ports/kept.js").Keeper, take: typeof import("../ports/locks.js").take,
 *   places(): number, newId(): string, api: import("../ports/api.js").Api,
 *   line: import("../ports/line.js").Line} & Omit<import("./transfer.js").Ports, "keep">} Ports
 */

export class Transfers extends EventTarget {
  #ports;
  #person = "";
  /** @type {Map<string, () => void>} */ #locks = new Map();
  #timer = 0;
  #lookMs = LOOK_MS;
  /** @type {Transfer[]} */ list = [];

  /** @param {Ports} ports */
  constructor(ports) {
    super();
    this.#ports = ports;
    ports.line.addEventListener("down", () => this.#all((t) => t.hold("offline")));
    ports.line.addEventListener("up", () => this.#all((t) => t.goOn("offline")));
    ports.line.addEventListener("woke", () => this.#all((t) => t.woke()));
  }

  /** Show this person's transfers, and nobody else's. @param {string} person "" for nobody */
  async belongTo(person) {
    if (person === this.#person) return;
    this.#person = person;
    this.leave({ silent: true });
    this.list = [];
    this.#changed();
    const found = person ? await this.#ports.store.transfers(person) : [];
    await this.#takeUp(found.map((kept) => this.#listen(new Transfer(kept, undefined, this.#portsOf()))));
  }

  /** The page is shown again after it was left: what no other tab has taken up meanwhile goes on. */
  async comeBack() {
    const { list } = this;
    this.list = [];
    await this.#takeUp(list);
  }

  /** Files that somebody chose; they wait until they are given to a group. @param {Chosen[]} chosen */
  add(chosen) {
    for (const one of chosen) this.#make(one, {});
    void this.list.find((t) => t.state === "unauthorized")?.prepare();
    this.#changed();
  }

  /** Give all that wait to a group, one after the other. @param {string} group */
  async authorize(group) {
    let before = Promise.resolve();
    for (const transfer of this.list.filter((t) => t.state === "unauthorized"))
      before = this.#check(transfer, group, before);
    await before;
  }

  /** Help with an upload that is there already. @param {Upload} upload @param {Chosen} chosen */
  async help(upload, chosen) {
    const { id, name, group, part_size, yours } = upload;
    const about = { upload: id, name, group, partSize: part_size, yours, helps: true };
    const transfer = this.#make(chosen, about);
    this.#changed();
    await this.#check(transfer, group);
  }

  /** This device's transfer for an upload, if there is one. @param {string} upload */
  of(upload) {
    return (
      this.list.find((t) => t.kept.upload === upload && !isOver(t.state)) ??
      this.list.find((t) => t.kept.upload === upload)
    );
  }

  /** Start this one now; what is active gives way after the parts in flight. @param {Transfer} transfer */
  startNow(transfer) {
    if (!transfer.file) return transfer.lacksFile();
    const giving = givingWay(this.list, this.#ports.places());
    const first = this.list.find((t) => t.state === "queued" || giving.includes(t));
    if (first) this.#order(placed(this.list, transfer.id, first.id, false));
    if (transfer.state !== "queued") this.#enqueue(transfer);
    for (const other of giving) other.giveWay();
    this.#schedule();
  }

  /** The user takes it up again; the click that led here lets the browser be asked for the file.
   * @param {Transfer} transfer */
  async resume(transfer) {
    if (!transfer.file && !(await this.#reopen(transfer, true))) return transfer.lacksFile();
    this.#enqueue(transfer);
  }

  /** As resume, for all that wait for the same permission. */
  async resumeAll() {
    for (const transfer of this.list)
      if (transfer.state === "suspended" && transfer.why === "permission") await this.resume(transfer);
  }

  /** The file was chosen again. Throws Problem if it is another.
   * @param {Transfer} transfer @param {Chosen} chosen */
  provide(transfer, { file, handle }) {
    transfer.provide(file, handle);
    this.#enqueue(transfer);
  }

  /** @param {Transfer} transfer */
  async retry(transfer) {
    if (!transfer.file && !(await this.#reopen(transfer, true))) return false;
    await this.#check(transfer, transfer.kept.group);
    return true;
  }

  /** Cancel the upload, for everybody. @param {Transfer} transfer */
  async cancel(transfer) {
    if (transfer.kept.upload) await this.#ports.api.move(transfer.kept.upload, "cancel");
    transfer.cancelled();
  }

  /** Forget it here; what was sent stays. @param {Transfer} transfer */
  async remove(transfer) {
    transfer.leave();
    this.list = this.list.filter((t) => t !== transfer);
    this.#locks.get(transfer.id)?.();
    this.#locks.delete(transfer.id);
    this.#changed();
    await this.#ports.store.remove(transfer.id);
    this.#schedule();
  }

  async removeEnded() {
    await Promise.all(this.list.filter((t) => isOver(t.state)).map((t) => this.remove(t)));
  }

  /** @param {Transfer} transfer @param {-1 | 1} step */
  move(transfer, step) {
    this.#order(moved(this.list, transfer.id, step));
  }

  /** @param {Transfer} transfer @param {Transfer} other @param {boolean} behind */
  place(transfer, other, behind) {
    this.#order(placed(this.list, transfer.id, other.id, behind));
  }

  /** What others have made of these uploads meanwhile. @param {Upload[]} uploads */
  heard(uploads) {
    for (const upload of uploads) {
      const transfer = this.of(upload.id);
      if (transfer && transfer.state !== "checking") void transfer.saw(upload);
    }
  }

  /** The number of places may have changed. */
  settle() {
    this.#schedule();
  }

  signedOut() {
    this.#all((t) => t.hold("signed_out"));
  }

  signedIn() {
    this.#all((t) => t.goOn("signed_out"));
  }

  /** The page ends: give everything back. @param {{silent?: boolean}} [how] */
  leave(how) {
    this.#all((t) => t.leave(how));
    for (const release of this.#locks.values()) release();
    this.#locks.clear();
  }

  /** Parts are under way. */
  get sending() {
    return this.list.some((t) => t.sending > 0 || t.state === "active");
  }

  /** @param {Transfer[]} transfers */
  async #takeUp(transfers) {
    for (const transfer of transfers)
      if ((await this.#hold(transfer)) && this.#locks.has(transfer.id)) await this.#restore(transfer);
    this.#changed();
    this.#schedule();
    void this.#look();
  }

  /** @param {Transfer} transfer */
  async #restore(transfer) {
    transfer.restore();
    this.list.push(transfer);
    const { file, why } = transfer;
    const atHand = file ? why : why === "permission" && (await this.#reopen(transfer, false));
    if (atHand && this.list.includes(transfer)) this.#enqueue(transfer);
  }

  /** Lock it, if no other tab has it and its person is still here then. @param {Transfer} transfer */
  async #hold({ id, kept }) {
    const release = await this.#ports.take(id);
    if (kept.person !== this.#person) return release?.();
    if (release) this.#locks.set(id, release);
    return release;
  }

  /** @param {Chosen} chosen @param {Partial<import("../ports/kept.js").Kept>} about */
  #make(chosen, about) {
    const id = this.#ports.newId();
    const kept = { ...blank(id, this.#person, this.list.length, chosen), ...about };
    const transfer = this.#listen(new Transfer(kept, chosen.file, this.#portsOf()));
    this.list.push(transfer);
    void this.#hold(transfer);
    return transfer;
  }

  #portsOf() {
    const { store } = this.#ports;
    return {
      ...this.#ports,
      keep: (/** @type {import("../ports/kept.js").Kept} */ kept) => void store.keep(kept),
    };
  }

  /** @param {Transfer} transfer */
  #listen(transfer) {
    transfer.addEventListener("changed", () => this.#changed());
    transfer.addEventListener("moved", (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      this.dispatchEvent(new CustomEvent("moved", { detail: { transfer, ...detail } }));
      if (detail.state === "finalizing") this.#lookIn(SOON_MS);
      queueMicrotask(() => this.#schedule());
    });
    return transfer;
  }

  /** @param {Transfer} transfer @param {string} group @param {Promise<void>} [before] */
  async #check(transfer, group, before) {
    await transfer.check(group, before);
    if (transfer.state === "initialized") transfer.enqueue();
  }

  /** @param {Transfer} transfer */
  #enqueue(transfer) {
    if (transfer.kept.upload) return transfer.enqueue();
    void this.#check(transfer, transfer.kept.group);
  }

  #schedule() {
    for (const transfer of startable(this.list, this.#ports.places())) {
      if (transfer.file) void transfer.start();
      else transfer.lacksFile();
      if (!this.#ports.line.up) transfer.hold("offline");
    }
  }

  /** @param {Transfer} transfer @param {boolean} ask */
  async #reopen(transfer, ask) {
    const { handle, size } = transfer.kept;
    const file = handle && (await reopen(handle, ask));
    if (ask && file?.size !== size) transfer.kept.handle = undefined; // it leads nowhere any more
    if (file?.size !== size) return false;
    transfer.provide(file);
    return true;
  }

  /** Those that wait for the storage, or for a pause to end, are looked at. */
  async #look() {
    const waiting = this.list.filter((t) => t.state === "finalizing" || t.why === "everywhere");
    for (const transfer of waiting) await this.#lookAt(transfer);
    if (this.#person) this.#lookIn(Math.min(LOOK_MS, this.#lookMs * 1.5));
  }

  /** @param {number} ms */
  #lookIn(ms) {
    clearTimeout(this.#timer);
    this.#lookMs = ms;
    this.#timer = Number(setTimeout(() => this.#look(), ms));
  }

  /** @param {Transfer} transfer */
  async #lookAt(transfer) {
    try {
      const { upload, board } = await this.#ports.api.upload(transfer.kept.upload);
      await transfer.saw(upload, board.clients);
    } catch (error) {
      this.dispatchEvent(new CustomEvent("trouble", { detail: error }));
    }
  }

  /** @param {Transfer[]} list */
  #order(list) {
    this.list = list;
    list.forEach((transfer, order) => {
      transfer.kept.order = order;
      if (transfer.state !== "unauthorized") void this.#ports.store.keep(transfer.kept);
    });
    this.#changed();
  }

  /** @param {(transfer: Transfer) => void} act */
  #all(act) {
    this.list.forEach(act);
  }

  #changed() {
    this.dispatchEvent(new Event("changed"));
  }
}

/** @param {string} id @param {string} person @param {number} order @param {Chosen} chosen
 *  @returns {import("../ports/kept.js").Kept} */
function blank(id, person, order, { file, name, handle }) {
  return {
    id,
    person,
    order,
    handle,
    name,
    size: file.size,
    modified: file.lastModified,
    group: "",
    upload: "",
    yours: true,
    partSize: 0,
    helps: false,
    state: "unauthorized",
    ownBytes: 0,
    share: 0,
    digests: new Uint8Array(),
  };
}
