// What others do: the uploads of one's groups, and the board of the one that is open.
//
// Looked at while somebody sees the page, more often where more happens; what is unchanged is
// answered without a body. Events: "changed".

import { lookAgain, shownStatus } from "../engine/stages.js";
import { Tally } from "../engine/tally.js";
import { Refused, SignedOut, Unreachable } from "../ports/api.js";

const LIST_S = 4;
const AGAIN_S = 2;

/** What is asked for, and then what is done with the answer, unless somebody else is here by then or
 * looks elsewhere: it answers after how many seconds to look again, 0 for never.
 * @typedef {() => Promise<() => number>} Look
 *  @typedef {import("../engine/messages.js").Upload} Upload
 *  @typedef {import("../engine/messages.js").UploadReply} UploadReply
 *  @typedef {{api: import("../ports/api.js").Api, clock(): number, signedOut(): void,
 *    line: {suspect(): void}}} Ports */

export class Looking extends EventTarget {
  #ports;
  #round = 0;
  #timer = 0;
  /** @type {Look | undefined} */ #look;
  /** @type {Map<string, {uploads: Upload[], next: string | null}>} */ #groups = new Map();
  /** @type {UploadReply | undefined} */ board;
  /** @type {Refused | undefined} */ refused;
  listed = false;
  tally;

  /** @param {Ports} ports */
  constructor(ports) {
    super();
    this.#ports = ports;
    this.tally = new Tally(ports.clock());
    document.addEventListener("visibilitychange", () => document.hidden || this.again());
  }

  /** The status of an upload as a person sees it. @param {Upload} upload */
  shown(upload) {
    return shownStatus(upload, this.#ports.api.now());
  }

  /** All uploads, newest first. */
  get uploads() {
    const all = [...this.#groups.values()].flatMap(({ uploads }) => uploads);
    return all.sort((a, b) => b.created_at - a.created_at);
  }

  get hasMore() {
    return [...this.#groups.values()].some(({ next }) => next);
  }

  /** Nobody is signed in, or somebody else. */
  forget() {
    this.#groups.clear();
    this.board = undefined;
    this.listed = false;
    this.stop();
  }

  stop() {
    this.#round += 1;
    this.#look = undefined;
    clearTimeout(this.#timer);
  }

  /** @param {string[]} groups */
  atLists(groups) {
    this.#begin(async () => {
      const pages = await Promise.all(groups.map((group) => this.#ports.api.uploads(group)));
      return () => {
        groups.forEach((group, i) => this.#groups.set(group, joined(pages[i], this.#groups.get(group))));
        this.listed = true;
        return LIST_S;
      };
    });
  }

  /** @param {string} id */
  atBoard(id) {
    if (this.board?.upload.id !== id) {
      this.board = undefined;
      this.tally = new Tally(this.#ports.clock());
    }
    this.#begin(async () => {
      const { upload, board } = await this.#ports.api.upload(id);
      return () => {
        this.board = { upload, board };
        this.tally.saw(upload, board.clients);
        return lookAgain(upload.status);
      };
    });
  }

  /** Older ones. */
  async more() {
    const round = this.#round;
    for (const [group, { uploads, next }] of this.#groups) {
      if (!next) continue;
      const page = await this.#ports.api.uploads(group, next);
      if (round !== this.#round) return;
      this.#groups.set(group, { uploads: [...uploads, ...page.uploads], next: page.next });
    }
    this.#changed();
  }

  /** Now, not at the next turn. */
  again() {
    clearTimeout(this.#timer);
    if (this.#look) void this.#turn(this.#look, this.#round);
  }

  /** @param {Look} look */
  #begin(look) {
    this.stop();
    this.refused = undefined;
    this.#look = look;
    this.again();
  }

  /** @param {Look} look @param {number} round */
  async #turn(look, round) {
    const seconds = await this.#try(look, round);
    if (round !== this.#round) return;
    this.#changed();
    clearTimeout(this.#timer);
    if (seconds && !document.hidden) this.#timer = Number(setTimeout(() => this.again(), seconds * 1000));
  }

  /** @param {Look} look @param {number} round */
  async #try(look, round) {
    try {
      const keep = await look();
      return round === this.#round ? keep() : 0;
    } catch (error) {
      if (round !== this.#round) return 0;
      if (error instanceof SignedOut) this.#ports.signedOut();
      else if (error instanceof Unreachable) this.#ports.line.suspect();
      else if (error instanceof Refused && !error.retryable) this.#refuse(error);
      else if (!(error instanceof Refused)) throw error;
      return this.refused ? 0 : AGAIN_S;
    }
  }

  /** @param {Refused} error */
  #refuse(error) {
    this.refused = error;
    this.board = undefined;
  }

  #changed() {
    this.dispatchEvent(new Event("changed"));
  }
}

/** The first page anew, older ones as they were. @param {{uploads: Upload[], next: string | null}} fresh
 *  @param {{uploads: Upload[], next: string | null}} [former] */
function joined(fresh, former) {
  const known = new Set(fresh.uploads.map((u) => u.id));
  const last = fresh.uploads.at(-1);
  if (!former || former.uploads.length <= fresh.uploads.length || !last) return fresh;
  const older = former.uploads.filter((u) => !known.has(u.id) && u.created_at <= last.created_at);
  return { uploads: [...fresh.uploads, ...older], next: former.next };
}
