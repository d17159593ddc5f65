// The engine's half that faces the storage: tickets, connections, and what failures lead to.
//
// A connection is busy from the order to start a PUT until news of its end, even if the ticket left
// the hand meanwhile, so a part is never twice under way here. Failures are counted by part and
// outlive the ticket: one that comes back after it was given up waits before its next PUT.
//
//   the line, or an error of the storage   again after a wait; given back after some tries
//   403                                    given back with all as old: their URLs have expired
//   stopped on order, in time or too late  stays if it is in the hand

import { Hand } from "./hand.js";
import { waitS } from "./rules.js";

/** @typedef {import("./messages.js").Ticket} Ticket
 *  @typedef {"line" | "refused" | "expired" | "stopped"} Failure
 *  @typedef {import("./happenings.js").Decision} Decision */

export class Puts {
  #rules;
  #random;
  #limit;
  #hand = new Hand();
  /** @type {Set<number>} */ #busy = new Set();
  /** @type {Map<number, number>} */ #failures = new Map();
  #refusals = 0;

  /** @param {import("./rules.js").Rules} rules @param {() => number} random
   *  @param {import("./speed-limit.js").SpeedLimit} limit */
  constructor(rules, random, limit) {
    this.#rules = rules;
    this.#random = random;
    this.#limit = limit;
  }

  get busy() {
    return this.#busy.size > 0;
  }

  /** Parts that are meant to be sent or under way, in order. */
  get holding() {
    return this.#hand.parts("ready", "sending");
  }

  /** Parts that the storage has and that are not yet reported. */
  get sent() {
    return this.#hand.parts("sent");
  }

  /** @param {Ticket[]} tickets @param {number} now */
  take(tickets, now) {
    for (const ticket of tickets) {
      const failures = this.#failures.get(ticket.part) ?? 0;
      const wait = failures > 1 ? waitS(this.#rules, failures, this.#random) : 0;
      this.#hand.take(ticket, now + ticket.expires_s, now + wait);
    }
  }

  /** These are reported, or not ours to report. @param {Iterable<number>} parts */
  forget(parts) {
    this.#hand.drop(parts);
  }

  /** @param {number[]} parts @returns {Decision[]} */
  revoke(parts) {
    this.#hand.drop(parts);
    return parts.filter((part) => this.#busy.has(part)).map((part) => ({ kind: "stop_put", part }));
  }

  giveBackReady() {
    this.#hand.dropReady();
  }

  /** Stop what is under way; its tickets stay. @returns {Decision[]} */
  interrupt() {
    return [...this.#busy].sort((a, b) => a - b).map((part) => ({ kind: "stop_put", part }));
  }

  /** @returns {Decision[]} */
  stopAll() {
    this.#hand = new Hand();
    return this.interrupt();
  }

  /** @param {number} now */
  hurry(now) {
    this.#hand.hurry(now);
  }

  /** The PUTs to start now, so that no more than `lanes` are under way.
   * @param {number} now @param {number} lanes @returns {Decision[]} */
  start(now, lanes) {
    this.#hand.dropReady(now);
    /** @type {Decision[]} */ const orders = [];
    for (const { ticket } of this.startable(now)) {
      if (this.#busy.size >= lanes || this.#limit.freeAt > now) break;
      this.#limit.take(ticket.length, now);
      this.#hand.step(ticket.part, "start");
      this.#busy.add(ticket.part);
      orders.push({ kind: "start_put", ticket });
    }
    return orders;
  }

  /** @param {number} now */
  startable(now) {
    return this.#hand.in("ready").filter((h) => h.readyAt <= now && !this.#busy.has(h.ticket.part));
  }

  /** When a ticket that waits after a failure, or for the limit, may start. @param {number} lanes */
  wakeAt(lanes) {
    if (this.#busy.size >= lanes) return Infinity;
    const waiting = this.#hand.in("ready").filter((h) => !this.#busy.has(h.ticket.part));
    return Math.min(...waiting.map((h) => Math.max(h.readyAt, this.#limit.freeAt)));
  }

  /** @param {number} part */
  succeeded(part) {
    this.#busy.delete(part);
    this.#hand.step(part, "succeed");
    this.#failures.delete(part);
    this.#refusals = 0;
  }

  /** What follows from a failed PUT; without `mayRetry` its ticket is given back.
   * @param {number} part @param {Failure} why @param {string} detail @param {number} now
   * @param {boolean} mayRetry @returns {Decision[]} */
  failed(part, why, detail, now, mayRetry) {
    this.#busy.delete(part);
    this.#hand.step(part, "fail");
    const held = this.#hand.get(part);
    if (why === "stopped" || !held) return [];
    const failures = (this.#failures.get(part) ?? 0) + 1;
    this.#failures.set(part, failures);
    if (why !== "line" && ++this.#refusals >= this.#rules.refusals)
      return [{ kind: "give_up", code: "storage_refuses", detail }];
    if (why === "expired") this.#hand.dropReady(held.goodUntil);
    else if (!mayRetry || failures % this.#rules.tries === 0) this.#hand.drop([part]);
    else this.#hand.postpone(part, now + waitS(this.#rules, failures, this.#random));
    return [];
  }
}
