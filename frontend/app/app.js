// What the page knows and what a person can do on it; the views show it and call it.
//
// Events: "changed", and "asked" for what must be shown at once.

import { CYCLE } from "../engine/cycle.js";
import * as files from "../ports/files.js";
import { Problem } from "./checking.js";
import { Steering } from "./steering.js";

/**
 * @typedef {import("../engine/messages.js").Upload} Upload
 * @typedef {import("./transfer.js").Transfer} Transfer
 * @typedef {import("../ports/settings.js").Settings} Settings
 * @typedef {import("../texts/index.js").Words} Words
 * @typedef {{kind: "settings"} | {kind: "share", upload: Upload}
 *   | {kind: "confirm", text: string, yes: string, no: string, act: () => Promise<unknown>}} Dialog
 * @typedef {import("./steering.js").Parts & {api: import("../ports/api.js").Api,
 *   looking: import("./looking.js").Looking, settings: Settings, save(settings: Settings): void,
 *   wordsFor(language: string): Promise<Words>}} Parts
 */

export class App extends Steering {
  #parts;
  /** @type {Dialog | undefined} */ dialog;

  /** @param {Parts} parts */
  constructor(parts) {
    super(parts);
    this.#parts = parts;
    parts.looking.addEventListener("changed", () => this.#heard());
    parts.account.addEventListener("person", () => void this.#person());
    parts.account.addEventListener("met", () => this.#met());
    parts.account.addEventListener("ended", () => this.#ended());
    parts.account.addEventListener("again", () => this.#again());
    addEventListener("hashchange", () => this.#routed());
  }

  get looking() {
    return this.#parts.looking;
  }

  get settings() {
    return this.#parts.settings;
  }

  /** Show the page for whoever is signed in. */
  begin() {
    this.#parts.account.begin();
  }

  // ---- signing in ----

  /** Asks first if something is under way. */
  signOut() {
    const { really } = this.words.texts;
    if (!this.transfers.sending) return this.#signOut();
    return this.#ask(really.signOut, really.signOutYes, really.signOutNo, () => this.#signOut());
  }

  async #signOut() {
    this.transfers.leave();
    await this.transfers.belongTo("");
    return this.attempt(() => this.#parts.account.signOut());
  }

  /** Somebody else is here, or nobody: nothing of the former person's stays. */
  async #person() {
    const { account } = this.#parts;
    this.dialog = undefined;
    this.looking.forget();
    await this.transfers.belongTo(account.person?.id ?? "");
    this.changed();
    if (account.person) await this.attempt(() => account.meet());
  }

  #met() {
    this.#routed();
    this.transfers.settle();
  }

  #ended() {
    this.transfers.signedOut();
    this.changed();
  }

  /** The same person is signed in again. */
  #again() {
    this.transfers.signedIn();
    this.looking.again();
    this.changed();
  }

  // ---- choosing files ----

  chooseFiles() {
    return this.attempt(async () => this.add(await files.pick()));
  }

  chooseFolder() {
    return this.attempt(async () => this.add(await files.pickFolder()));
  }

  /** What was dropped or pasted. On the board of an upload, a file of its size helps with it.
   * @param {DataTransfer | null} data */
  dropped(data) {
    const given = files.fromTransfer(data);
    return this.attempt(async () => {
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
    return this.attempt(() => this.transfers.authorize(group));
  }

  /** @param {Upload} upload */
  help(upload) {
    return this.attempt(async () => {
      const [chosen] = await files.pick({ multiple: false });
      if (chosen && chosen.file.size !== upload.size) throw new Problem("another_size");
      if (chosen) await this.transfers.help(upload, chosen);
    });
  }

  // ---- one transfer: most of it is in Steering ----

  resumeAll() {
    return this.attempt(() => this.transfers.resumeAll());
  }

  /** @param {Transfer} transfer */
  cancelTransfer(transfer) {
    this.#askToCancel(transfer.kept.name, () => this.transfers.cancel(transfer));
  }

  // ---- the upload, for everybody ----

  /** @param {Upload} upload @param {"pause" | "resume"} verb */
  move(upload, verb) {
    return this.attempt(async () => {
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
    return this.attempt(async () => location.assign((await this.#parts.api.download(upload.id)).url));
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
    this.changed();
  }

  /** @param {boolean} wanted @returns {Promise<boolean>} whether the browser allows it */
  async notify(wanted) {
    const notify = wanted && (await (await import("../ports/notices.js")).allow());
    await this.change({ notify });
    return notify === wanted;
  }

  #heard() {
    const { uploads, board } = this.looking;
    this.transfers.heard(this.route && board ? [board.upload] : uploads);
    this.changed();
  }

  #routed() {
    this.route = /^#\/uploads\/([a-z2-7]+)$/.exec(location.hash)?.[1] ?? "";
    this.dialog = undefined;
    this.trouble = { code: this.route || /^#?\/?$/.test(location.hash) ? "" : "no_such_page", message: "" };
    if (this.trouble.code) history.replaceState(null, "", "#/");
    if (this.me && this.route) this.looking.atBoard(this.route);
    else if (this.me) this.looking.atLists(this.me.groups.map(({ id }) => id));
    this.changed();
  }

  /** @param {string} name @param {() => Promise<unknown>} act */
  #askToCancel(name, act) {
    const { really } = this.words.texts;
    this.#ask(really.cancel(name), really.cancelYes, really.cancelNo, act);
  }

  /** @param {string} text @param {string} yes @param {string} no @param {() => Promise<unknown>} act */
  #ask(text, yes, no, act) {
    this.show({ kind: "confirm", text, yes, no, act: () => this.attempt(act) });
  }
}
