// The client's mind: what it holds, what it sends, when it speaks to the board.
//
// No DOM, no clock, no network. `handle` takes what happened, `decide` says what to do now, and
// `wakeAt` when to ask again if nothing happens before; `now` is any clock that only goes forward,
// in seconds. It keeps to what the command line's keeps to:
//
// * one exchange under way at a time, `seq` growing with each;
// * an exchange names all that is held and reports all that is sent and not yet reported, so a lost
//   answer, a retry and a reload need no further care;
// * a PUT starts only for a ticket in the hand, on a free connection, and once at a time.
//
// A page adds what a person does to it: rest after the parts in flight (which a pause for everybody
// comes to as well), hold while offline or signed out. It never gives up for want of a network: the
// person sees "suspended", and it goes on by itself. It ends when all is in, for the storage joins
// the parts without it.

import { Puts } from "./puts.js";
import { RateMeter } from "./rate.js";
import { hold, RULES, spare, waitS, widest } from "./rules.js";
import { SpeedLimit } from "./speed-limit.js";
import { stageOf } from "./stages.js";
import { exchangeRequest } from "./wire.js";

/** @typedef {import("./happenings.js").Happening} Happening
 *  @typedef {import("./happenings.js").Decision} Decision
 *  @typedef {import("./messages.js").ExchangeReply} ExchangeReply
 *  @typedef {import("./messages.js").ExchangeRequest} ExchangeRequest
 *  @typedef {Pick<ExchangeRequest, "client" | "label" | "generation">} Who */

export class Engine {
  #who;
  #partSize;
  #maxHeld;
  #rules;
  #random;
  #limit;
  #puts;
  #meter = new RateMeter();
  #status = "initialized";
  #seq;
  /** @type {ExchangeRequest | undefined} */ #asked;
  #nextAt = -Infinity;
  #spokeAt = -Infinity;
  #failures = 0;
  #news = true; // something changed since the board last answered
  #fed = true; // it last gave all that was wanted
  #given = 0; // so many it held then
  #known = false; // more of the manifest is known than when it was last spoken to
  #owes = false; // the board believes that something is held here
  #resting = false;
  /** @type {Set<string>} */ #holds = new Set();
  /** @type {Decision[]} */ #orders = [];
  #ended = false;

  /** @param {{who: Who, partSize: number, maxHeld: number, seq?: number,
   *   random?: () => number, limit?: SpeedLimit, rules?: import("./rules.js").Rules}} options
   *   `seq`: of the last exchange of this client in a former run */
  constructor({ who, partSize, maxHeld, seq = 0, random = Math.random, limit, rules = RULES }) {
    this.#who = who;
    this.#partSize = partSize;
    this.#maxHeld = maxHeld;
    this.#seq = seq;
    this.#rules = rules;
    this.#random = random;
    this.#limit = limit ?? new SpeedLimit();
    this.#puts = new Puts(rules, random, this.#limit);
  }

  /** Bytes a second, 0 while unknown. */
  get rate() {
    const limit = this.#limit.rate;
    return limit ? Math.min(this.#meter.rate, limit) : this.#meter.rate;
  }

  get seq() {
    return this.#seq;
  }

  /** Parts that are sent, but not yet counted by the board. */
  get unreported() {
    return this.#puts.sent;
  }

  /** Whether the board may believe that something is held here. */
  get owes() {
    return this.#owes || this.#asked !== undefined || this.#puts.sent.length > 0;
  }

  /** Take in what happened. After the end nothing changes any more.
   * @param {Happening} happening @param {number} now */
  handle(happening, now) {
    if (!this.#ended) this.#takeIn(happening, now);
  }

  /** What to do now; each decision is said once. @param {number} now @returns {Decision[]} */
  decide(now) {
    if (!this.#ended) {
      if (this.#mayStart) this.#order(this.#puts.start(now, this.#lanes));
      if (!this.#holds.size) this.#speak(now);
      if (this.#resting && !this.#puts.busy && !this.owes) this.#end([{ kind: "rested" }]);
    }
    return this.#orders.splice(0);
  }

  /** The moment of the next decision if nothing happens before. */
  wakeAt() {
    if (this.#ended) return Infinity;
    const put = this.#mayStart ? this.#puts.wakeAt(this.#lanes) : Infinity;
    if (this.#asked || this.#holds.size || (this.#resting && !this.owes)) return put;
    return Math.min(put, this.#speaksAt);
  }

  /** The exchange with which a client leaves: it reports, and gives everything back. */
  farewell() {
    return this.#request([], 0);
  }

  /** @param {Happening} happening @param {number} now */
  #takeIn(happening, now) {
    switch (happening.kind) {
      case "moved":
        return this.#meter.add(happening.bytes, now, this.#puts.busy);
      case "sent":
        this.#puts.succeeded(happening.part);
        this.#meter.confirm();
        this.#news = true;
        return;
      case "put_failed":
        return this.#putFailed(happening, now);
      case "answered":
        return this.#answered(happening.reply, now);
      case "failed":
        return this.#exchangeFailed(happening.atLeastS, now);
      case "disowned":
        this.#asked = undefined;
        this.#nextAt = now;
        return this.#puts.forget(happening.parts.length ? happening.parts : this.#puts.sent);
      case "hold":
        this.#holds.add(happening.why);
        if (happening.why === "offline") this.#order(this.#puts.interrupt());
        return;
      case "go_on":
        if (this.#holds.delete(happening.why)) this.#freshStart(now);
        return;
      case "woke":
        this.#order(this.#puts.interrupt());
        return this.#freshStart(now);
      case "known":
        this.#known = true;
        return;
      case "rest":
        this.#nextAt = now;
        return this.#rest();
    }
  }

  /** Finish what is under way, report it, hold nothing. */
  #rest() {
    this.#resting = true;
    this.#puts.giveBackReady();
  }

  /** @param {{part: number, why: import("./puts.js").Failure, detail: string}} failed @param {number} now */
  #putFailed({ part, why, detail }, now) {
    const follows = this.#puts.failed(part, why, detail, now, !this.#resting);
    if (this.#resting) this.#puts.giveBackReady();
    this.#news = true;
    if (follows[0]?.kind === "give_up") this.#end(follows);
  }

  /** @param {ExchangeReply} reply @param {number} now */
  #answered(reply, now) {
    const asked = this.#asked;
    if (!asked) return;
    this.#asked = undefined;
    this.#failures = 0;
    this.#puts.forget(asked.done);
    this.#order(this.#puts.revoke(reply.revoked));
    const wait = Math.max(reply.next_exchange_s, this.#rules.soonestS);
    this.#nextAt = now + Math.min(wait, this.#rules.heartbeatS);
    this.#fed = this.#news = reply.tickets.length >= asked.want && asked.want > 0;
    this.#owes = asked.holding.length + reply.tickets.length > 0;
    this.#turn(reply.status);
    if (!this.#resting) this.#puts.take(reply.tickets, now);
    this.#given = this.#puts.holding.length;
  }

  /** @param {number} atLeastS @param {number} now */
  #exchangeFailed(atLeastS, now) {
    this.#asked = undefined;
    this.#failures += 1;
    this.#nextAt = now + waitS(this.#rules, this.#failures, this.#random, atLeastS);
    if (this.#resting && !this.#puts.busy && this.#failures > 1) this.#end([{ kind: "rested" }]);
  }

  /** @param {number} now */
  #freshStart(now) {
    this.#nextAt = now;
    this.#failures = 0;
    this.#puts.hurry(now);
  }

  get #mayStart() {
    return !this.#resting && !this.#holds.has("offline");
  }

  get #lanes() {
    return Math.min(this.#rules.connections, widest(this.#rules, this.#hold));
  }

  /** @param {string} status */
  #turn(status) {
    if (status === this.#status) return;
    this.#status = status;
    this.#order([{ kind: "turned", status }]);
    const stage = stageOf(status);
    if (stage === "paused") this.#rest();
    else if (stage !== "working") this.#end([{ kind: "end", status }]);
  }

  /** @param {Decision[]} decisions */
  #order(decisions) {
    this.#orders.push(...decisions);
  }

  /** @param {Decision[]} last */
  #end(last) {
    this.#order([...this.#puts.stopAll(), ...last]);
    this.#ended = true;
  }

  /** @param {number} now */
  #speak(now) {
    if (this.#asked || !this.#due(now)) return;
    this.#spokeAt = now;
    this.#known = false;
    this.#asked = this.#request(this.#puts.holding, this.#resting ? 0 : this.#want);
    this.#order([{ kind: "exchange", request: this.#asked }]);
  }

  /** @param {number} now */
  #due(now) {
    if (now >= this.#speaksAt) return !this.#resting || this.owes;
    if (this.#failures) return false;
    const idle = this.#puts.sent.length > 0 && !this.#puts.holding.length;
    if (this.#resting) return idle || (!this.#puts.busy && this.owes);
    return idle || this.#hungry(now);
  }

  /** When to speak to the board at the latest. */
  get #speaksAt() {
    if (this.#failures) return this.#nextAt;
    const more = this.#known && !this.#fed; // it lacked tickets because it lacked digests
    const reports = this.#puts.sent.length > 0 ? this.#spokeAt + this.#rules.reportS : Infinity;
    return Math.min(this.#nextAt, reports, more ? this.#spokeAt : Infinity);
  }

  /** Early, for many at once; when the board gave less, once half of that is sent.
   * @param {number} now */
  #hungry(now) {
    if (!this.#news || this.#want <= 0) return false;
    const startable = this.#puts.startable(now).length;
    if (!this.#fed) return !startable && this.#puts.holding.length <= Math.floor(this.#given / 2);
    const enough = spare(this.#rules, this.rate, this.#partSize, this.#hold);
    return startable < enough && this.#want * 2 >= this.#hold;
  }

  get #hold() {
    return hold(this.#rules, this.rate, this.#partSize, this.#maxHeld);
  }

  get #want() {
    return Math.max(0, this.#hold - this.#puts.holding.length);
  }

  /** @param {number[]} holding @param {number} want @returns {ExchangeRequest} */
  #request(holding, want) {
    this.#seq += 1;
    return exchangeRequest({
      ...this.#who,
      seq: this.#seq,
      holding,
      done: this.#puts.sent,
      want,
      rate: this.rate,
    });
  }
}
