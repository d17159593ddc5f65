// What the page knows and what a person can do on it; the views show it and call it.
//
// Every action that may fail ends in `trouble`, a sentence for the person, or does what was asked.
// Events: "changed", and "asked" for what must be shown at once.

import { CYCLE } from "../engine/cycle.js";
import { allow } from "../ports/notices.js";
import * as files from "../ports/files.js";
import { Refused, SignedOut, Unreachable } from "../ports/api.js";
import { Problem } from "./checking.js";

/**
 * @typedef {import("../engine/messages.js").Upload} Upload
 * @typedef {import("./transfer.js").Transfer} Transfer
 * @typedef {import("../ports/settings.js").Settings} Settings
 * @typedef {import("../texts/index.js").Words} Words
 * @typedef {{kind: "settings"} | {kind: "share", upload: Upload}
 *   | {kind: "confirm", text: string, yes: string, no: string, act: () => Promise<unknown>}} Dialog
 * @typedef {{account: import("./account.js").Account, api: import("../ports/api.js").Api,
 *   line: import("../ports/line.js").Line, transfers: import("./transfers.js").Transfers,
 *   looking: import("./looking.js").Looking, settings: Settings, save(settings: Settings): void,
 *   words: Words, wordsFor(language: string): Promise<Words>}} Parts
 */

export class App extends EventTarget {
  #parts;
  /** @type {Dialog | undefined} */ dialog;
  /** What went wrong: a code of texts.problem, or the service's own words. */
  trouble = { code: "", message: "" };
  /** The upload that the address names, "" for the lists. */
  route = "";

  /** @param {Parts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
    this.words = parts.words;
    for (const part of [parts.transfers, parts.looking, parts.line])
      for (const event of ["changed", "up", "down"]) part.addEventListener(event, () => this.#changed());
    parts.looking.addEventListener("changed", () => this.#heard());
    parts.account.addEventListener("person", () => void this.#person());
    parts.account.addEventListener("met", () => this.#met());
    parts.account.addEventListener("ended", () => this.#ended());
    parts.account.addEventListener("again", () => this.#again());
    addEventListener("hashchange", () => this.#routed());
  }

  get transfers() {
    return this.#parts.transfers;
  }

  get looking() {
    return this.#parts.looking;
  }

  get settings() {
    return this.#parts.settings;
  }

  get online() {
    return this.#parts.line.up;
  }

  get person() {
    return this.#parts.account.person;
  }

  /** What the service says of this person. */
  get me() {
    return this.#parts.account.me;
  }

  get mustSignIn() {
    return this.#parts.account.mustSignIn;
  }

  /** Show the page for whoever is signed in. */
  begin() {
    this.#parts.account.begin();
  }

  // ---- signing in ----

  signIn() {
    return this.#try(() => this.#parts.account.signIn());
  }

  signInAgain() {
    return this.#try(() => this.#parts.account.signInAgain());
  }

  /** Asks first if something is under way. */
  signOut() {
    const { really } = this.words.texts;
    if (!this.transfers.sending) return this.#signOut();
    return this.#ask(really.signOut, really.signOutYes, really.signOutNo, () => this.#signOut());
  }

  async #signOut() {
    this.transfers.leave();
    await this.transfers.belongTo("");
    return this.#try(() => this.#parts.account.signOut());
  }

  /** Somebody else is here, or nobody: nothing of the former person's stays. */
  async #person() {
    const { account } = this.#parts;
    this.dialog = undefined;
    this.looking.forget();
    await this.transfers.belongTo(account.person?.id ?? "");
    this.#changed();
    if (account.person) await this.#try(() => account.meet());
  }

  #met() {
    this.#routed();
    this.transfers.settle();
  }

  #ended() {
    this.transfers.signedOut();
    this.#changed();
  }

  /** The same person is signed in again. */
  #again() {
    this.transfers.signedIn();
    this.looking.again();
    this.#changed();
  }

  // ---- choosing files ----

  chooseFiles() {
    return this.#try(async () => this.add(await files.pick()));
  }

  chooseFolder() {
    return this.#try(async () => this.add(await files.pickFolder()));
  }

  /** What was dropped or pasted. On the board of an upload, a file of its size helps with it.
   * @param {DataTransfer | null} data */
  dropped(data) {
    const given = files.fromTransfer(data);
    return this.#try(async () => {
      const chosen = await given;
      const upload = this.helpable();
      const [only] = chosen;
      if (upload && chosen.length === 1 && only.file.size === upload.size)
        await this.transfers.help(upload, only);
      else this.add(chosen);
    });
  }

  /** The open upload, if this device could help with it. */
  helpable() {
    const upload = this.route ? this.looking.board?.upload : undefined;
    const open = upload && ["initialized", "active", "paused"].includes(upload.status);
    const helps =
      upload && this.transfers.list.some((t) => t.kept.upload === upload.id && CYCLE[t.state].fail);
    return open && !helps ? upload : undefined;
  }

  /** @param {files.Chosen[]} chosen */
  add(chosen) {
    this.transfers.add(chosen);
    if (chosen.length && this.route) location.hash = "#/";
  }

  /** Give what was chosen to a group. @param {string} group */
  upload(group) {
    void this.change({ group });
    return this.#try(() => this.transfers.authorize(group));
  }

  /** @param {Upload} upload */
  help(upload) {
    return this.#try(async () => {
      const [chosen] = await files.pick({ multiple: false });
      if (chosen && chosen.file.size !== upload.size) throw new Problem("another_size");
      if (chosen) await this.transfers.help(upload, chosen);
    });
  }

  // ---- one transfer ----

  /** @param {Transfer} transfer */
  pause(transfer) {
    return this.#try(async () => transfer.pause());
  }

  /** @param {Transfer} transfer */
  startNow(transfer) {
    return this.#try(async () => {
      if (!transfer.file) await this.resume(transfer);
      else this.transfers.startNow(transfer);
    });
  }

  /** @param {Transfer} transfer */
  resume(transfer) {
    return this.#try(() => this.transfers.resume(transfer));
  }

  resumeAll() {
    return this.#try(() => this.transfers.resumeAll());
  }

  /** The same file again. @param {Transfer} transfer */
  provide(transfer) {
    return this.#try(async () => {
      const [chosen] = await files.pick({ multiple: false });
      if (chosen) this.transfers.provide(transfer, chosen);
    });
  }

  /** @param {Transfer} transfer */
  retry(transfer) {
    return this.#try(async () => {
      if (await this.transfers.retry(transfer)) return;
      const [chosen] = await files.pick({ multiple: false });
      if (!chosen) return;
      transfer.provide(chosen.file, chosen.handle);
      await this.transfers.retry(transfer);
    });
  }

  /** @param {Transfer} transfer */
  remove(transfer) {
    return this.#try(() => this.transfers.remove(transfer));
  }

  /** @param {Transfer} transfer */
  cancelTransfer(transfer) {
    this.#askToCancel(transfer.kept.name, () => this.transfers.cancel(transfer));
  }

  // ---- the upload, for everybody ----

  /** @param {Upload} upload @param {"pause" | "resume"} verb */
  move(upload, verb) {
    return this.#try(async () => {
      await this.#parts.api.move(upload.id, verb);
      this.looking.again();
    });
  }

  /** @param {Upload} upload */
  cancelUpload(upload) {
    this.#askToCancel(upload.name, async () => {
      const own = this.transfers.of(upload.id);
      if (own && CYCLE[own.state].cancel) await this.transfers.cancel(own);
      else await this.#parts.api.move(upload.id, "cancel");
      this.looking.again();
    });
  }

  /** @param {Upload} upload */
  deleteUpload(upload) {
    const { really } = this.words.texts;
    this.#ask(really.delete(upload.name), really.deleteYes, really.deleteNo, async () => {
      await this.#parts.api.delete(upload.id);
      location.hash = "#/";
    });
  }

  /** @param {Upload} upload */
  download(upload) {
    return this.#try(async () => location.assign((await this.#parts.api.download(upload.id)).url));
  }

  // ---- the page itself ----

  /** @param {Dialog | undefined} dialog */
  show(dialog) {
    this.dialog = dialog;
    this.dispatchEvent(new Event("asked"));
  }

  /** @param {Partial<Settings>} some */
  async change(some) {
    Object.assign(this.settings, some);
    this.#parts.save(this.settings);
    this.transfers.settle();
    if ("language" in some) this.words = await this.#parts.wordsFor(this.settings.language);
    this.#changed();
  }

  /** @param {boolean} wanted @returns {Promise<boolean>} whether the browser allows it */
  async notify(wanted) {
    const notify = wanted && (await allow());
    await this.change({ notify });
    return notify === wanted;
  }

  understood() {
    this.trouble = { code: "", message: "" };
    this.#changed();
  }

  #heard() {
    const { uploads, board } = this.looking;
    this.transfers.heard(this.route && board ? [board.upload] : uploads);
  }

  #routed() {
    this.route = /^#\/uploads\/([a-z2-7]+)$/.exec(location.hash)?.[1] ?? "";
    this.dialog = undefined;
    this.trouble = { code: this.route || /^#?\/?$/.test(location.hash) ? "" : "no_such_page", message: "" };
    if (this.trouble.code) history.replaceState(null, "", "#/");
    if (this.me && this.route) this.looking.atBoard(this.route);
    else if (this.me) this.looking.atLists(this.me.groups.map(({ id }) => id));
    this.#changed();
  }

  /** @param {string} name @param {() => Promise<unknown>} act */
  #askToCancel(name, act) {
    const { really } = this.words.texts;
    this.#ask(really.cancel(name), really.cancelYes, really.cancelNo, act);
  }

  /** @param {string} text @param {string} yes @param {string} no @param {() => Promise<unknown>} act */
  #ask(text, yes, no, act) {
    this.show({ kind: "confirm", text, yes, no, act: () => this.#try(act) });
  }

  /** Do what a person asked for; what went wrong before is forgotten.
   * @param {() => Promise<unknown>} act */
  async #try(act) {
    if (this.trouble.code) this.understood();
    try {
      await act();
    } catch (error) {
      this.#explain(error);
    }
  }

  /** @param {unknown} error */
  #explain(error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    if (error instanceof SignedOut) return this.#parts.account.ended();
    if (error instanceof Unreachable) this.#parts.line.suspect();
    const known = error instanceof Problem || error instanceof Refused;
    if (!known && !(error instanceof Unreachable)) console.error(error);
    const code = error instanceof Unreachable ? "unreachable" : known ? error.code : "defect";
    this.trouble = { code, message: error instanceof Error ? error.message : "" };
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("changed"));
  }
}
