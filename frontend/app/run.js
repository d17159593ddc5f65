// This page's part in one upload, from the first exchange to the last: what the engine decides is
// done, and what comes of it is told to the engine.
//
// A run ends once, with one of the outcomes below. Whoever started it decides what follows.

import { Pager } from "../engine/pager.js";
import { lengthOf } from "../engine/parts.js";
import { Refused, SignedOut, Unreachable } from "../ports/api.js";
import { send } from "./sending.js";

const BEAT_S = 0.25;
const SOONEST_S = 0.03;

/**
 * @typedef {import("../engine/happenings.js").Happening} Happening
 * @typedef {import("../engine/happenings.js").Decision} Decision
 * @typedef {import("../engine/messages.js").Upload} Upload
 * @typedef {{kind: "rested", status: string} | {kind: "ended", status: string}
 *   | {kind: "gave_up", code: string, detail: string} | {kind: "differs"} | {kind: "gone"}
 *   | {kind: "refused", error: Refused} | {kind: "left"}} Outcome
 * @typedef {{api: import("../ports/api.js").Api, line: {suspect(): void}, signedOut(): void,
 *   clock(): number, alarm: import("../ports/alarm.js").Alarm} & import("./sending.js").Means} Ports
 */

// Refusals after which the next exchange says how things stand.
const PASSING = ["stale_exchange", "wrong_status", "not_owner"];

/** @param {unknown} error @returns {error is Refused} */
const isFinal = (error) => error instanceof Refused && !error.retryable && !PASSING.includes(error.code);

export class Run {
  #upload;
  #file;
  #digests;
  #engine;
  #tally;
  #ports;
  #sent;
  #pager;
  /** @type {Map<number, AbortController>} */ #sending = new Map();
  #calls = new AbortController();
  #moved = 0;
  #status = "";
  #timer = 0;
  #beat = 0;
  #over = false;
  /** This page's row on the board; 0 while it has none. */
  number = 0;
  /** @type {(outcome: Outcome) => void} */ #settle = () => {};

  /** @param {{upload: Upload, file: File, digests: import("../engine/parts.js").Digests,
   *   engine: import("../engine/engine.js").Engine, tally: import("../engine/tally.js").Tally,
   *   ports: Ports, proven: number, sent: (bytes: number) => void}} options
   *   `proven`: see Pager; `sent`: called for each part sent */
  constructor({ upload, file, digests, engine, tally, ports, proven, sent }) {
    this.#upload = upload;
    this.#file = file;
    this.#digests = digests;
    this.#engine = engine;
    this.#tally = tally;
    this.#ports = ports;
    this.#sent = sent;
    this.#pager = new Pager(digests.plan, upload.parts_known, upload.yours, proven);
  }

  /** @returns {Promise<Outcome>} never rejects */
  go() {
    return new Promise((settle) => {
      this.#settle = settle;
      this.#feel();
    });
  }

  /** The engine's sense of speed wants to know often, also that nothing moves. */
  #feel() {
    this.#beat = this.#ports.alarm.after(BEAT_S, () => this.#feel());
    this.tell({ kind: "moved", bytes: 0 });
  }

  /** How many parts are under way from here. */
  get sending() {
    return this.#sending.size;
  }

  /** @returns {import("../engine/tally.js").Progress} */
  progress() {
    const ahead = this.#engine.unreported.reduce((sum, part) => sum + lengthOf(this.#digests.plan, part), 0);
    return this.#tally.progress(this.#ports.clock(), { rate: this.#engine.rate, ahead });
  }

  get rate() {
    return this.#engine.rate;
  }

  /** @param {Happening} happening */
  tell(happening) {
    const now = this.#ports.clock();
    if (this.#moved) this.#engine.handle({ kind: "moved", bytes: this.#moved }, now);
    this.#moved = 0;
    this.#engine.handle(happening, now);
    if (happening.kind === "hold") this.#hangUp();
    this.#step();
  }

  /** More is hashed: perhaps a page of the manifest is ready. */
  hashed() {
    this.#turnPage();
  }

  /** Stop at once and give everything back. The browser carries the message even if the page ends.
   * @param {{silent?: boolean}} [options] `silent`: nobody is signed in who could say it */
  leave({ silent = false } = {}) {
    const farewell = this.#engine.owes && !silent ? this.#engine.farewell() : undefined;
    this.#finish({ kind: "left" });
    if (farewell) this.#ports.api.exchange(this.#upload.id, farewell, { keepalive: true }).catch(() => {});
  }

  #step() {
    if (this.#over) return;
    for (const decision of this.#engine.decide(this.#ports.clock())) this.#do(decision);
    this.#turnPage();
    const { alarm, clock } = this.#ports;
    const wait = this.#engine.wakeAt() - clock();
    alarm.cancel(this.#timer);
    if (!this.#over && wait < BEAT_S)
      this.#timer = alarm.after(Math.max(SOONEST_S, wait), () => this.#step());
  }

  /** @param {Decision} decision */
  #do(decision) {
    switch (decision.kind) {
      case "start_put":
        return void this.#put(decision.ticket);
      case "stop_put":
        return this.#sending.get(decision.part)?.abort();
      case "exchange":
        return void this.#exchange(decision.request);
      case "turned":
        this.#status = decision.status;
        return;
      case "rested":
        return this.#finish({ kind: "rested", status: this.#status });
      case "end":
        return this.#finish({ kind: "ended", status: decision.status });
      case "give_up":
        return this.#finish({ kind: "gave_up", code: decision.code, detail: decision.detail });
    }
  }

  /** @param {Outcome} outcome */
  #finish(outcome) {
    this.#ports.alarm.cancel(this.#beat);
    this.#ports.alarm.cancel(this.#timer);
    this.#over = true;
    this.#calls.abort();
    for (const put of this.#sending.values()) put.abort();
    this.#settle(outcome);
  }

  #hangUp() {
    this.#calls.abort();
    this.#calls = new AbortController();
  }

  /** @param {import("../engine/messages.js").Ticket} ticket */
  async #put(ticket) {
    const { part, length } = ticket;
    const stop = new AbortController();
    this.#sending.set(part, stop);
    const moved = (/** @type {number} */ bytes) => (this.#moved += bytes);
    const outcome = await send(ticket, this.#file, this.#digests, this.#ports, {
      signal: stop.signal,
      moved,
    });
    this.#sending.delete(part);
    if (outcome.kind === "sent") {
      this.#sent(length);
      this.tell({ kind: "sent", part });
    } else if (outcome.kind === "failed") {
      if (outcome.why === "line") this.#ports.line.suspect();
      this.tell({ kind: "put_failed", part, why: outcome.why, detail: outcome.detail });
    } else {
      this.#leaveWith(outcome.kind === "gone" ? { kind: "gone" } : { kind: "differs" });
    }
  }

  /** @param {Outcome} outcome */
  #leaveWith(outcome) {
    this.#settle(outcome);
    this.leave();
  }

  /** @param {import("../engine/messages.js").ExchangeRequest} request */
  async #exchange(request) {
    try {
      const reply = await this.#ports.api.exchange(this.#upload.id, request, { signal: this.#calls.signal });
      this.#tally.answered(reply);
      this.number = reply.number;
      this.#pager.learn(reply.progress.parts_known);
      this.tell({ kind: "answered", reply });
    } catch (error) {
      this.#exchangeFailed(error);
    }
  }

  /** @param {unknown} error */
  #exchangeFailed(error) {
    if (error instanceof Refused && error.code === "ticket_not_taken")
      return this.tell({ kind: "disowned", parts: error.details.parts ?? [] });
    if (isFinal(error)) return this.#refused(error);
    this.#notice(error);
    this.tell({ kind: "failed", atLeastS: error instanceof Refused ? error.afterS : 0 });
  }

  #turnPage() {
    if (this.#over) return;
    const page = this.#pager.due(this.#ports.clock());
    const digests = page === undefined ? undefined : this.#digests.page(page);
    if (page === undefined || !digests) return;
    this.#pager.began();
    void this.#putPage(page, digests);
  }

  /** @param {number} page @param {string[]} digests */
  async #putPage(page, digests) {
    try {
      const known = await this.#ports.api.putPage(this.#upload, page, digests, {
        signal: this.#calls.signal,
      });
      this.#pager.wentWell();
      this.#pager.learn(known.parts_known);
      this.tell({ kind: "known" });
    } catch (error) {
      this.#pageFailed(error);
    }
  }

  /** @param {unknown} error */
  #pageFailed(error) {
    if (isFinal(error)) return this.#refused(error);
    this.#notice(error);
    this.#pager.failed(this.#ports.clock());
  }

  /** What was begun anew is another upload. @param {Refused} error */
  #refused(error) {
    if (error.code === "begun_anew") this.#leaveWith({ kind: "ended", status: "cancelled" });
    else if (error.code === "content_differs") this.#leaveWith({ kind: "differs" });
    else this.#leaveWith({ kind: "refused", error });
  }

  /** @param {unknown} error */
  #notice(error) {
    if (error instanceof SignedOut) this.#ports.signedOut();
    else if (error instanceof Unreachable) this.#ports.line.suspect();
  }
}
