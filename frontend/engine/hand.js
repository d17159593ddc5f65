// The tickets in this client's hand, each in one of three phases.
//
//   ready    held; its PUT may start, unless it waits after a failure
//   sending  its PUT is under way
//   sent     the storage has it; no answered exchange has reported it yet
//
// STEPS is the whole life of a ticket; what is not in it is ignored, because news of a PUT may come
// after its ticket is gone: one that was stopped too late may have gone to the upload before it was
// begun anew, and counts for no ticket that came since. The order of the hand is that of sending.

/** @typedef {import("./messages.js").Ticket} Ticket
 *  @typedef {"ready" | "sending" | "sent"} Phase
 *  @typedef {"start" | "succeed" | "fail"} Step
 *  @typedef {{ticket: Ticket, goodUntil: number, readyAt: number, phase: Phase}} Held */

/** @type {Record<Phase, Partial<Record<Step, Phase>>>} */
export const STEPS = {
  ready: { start: "sending" },
  sending: { succeed: "sent", fail: "ready" },
  sent: {},
};

export class Hand {
  /** @type {Map<number, Held>} */ #held = new Map();

  /** A new ticket, or a fresh URL for one that is not under way.
   * @param {Ticket} ticket @param {number} goodUntil @param {number} readyAt */
  take(ticket, goodUntil, readyAt) {
    const phase = this.#held.get(ticket.part)?.phase ?? "ready";
    if (phase === "ready") this.#held.set(ticket.part, { ticket, goodUntil, readyAt, phase });
  }

  /** @param {number} part @param {Step} step */
  step(part, step) {
    const held = this.#held.get(part);
    const phase = held && STEPS[held.phase][step];
    if (held && phase) this.#held.set(part, { ...held, phase });
  }

  /** Behind all others, and not before `readyAt`. @param {number} part @param {number} readyAt */
  postpone(part, readyAt) {
    const held = this.#held.get(part);
    if (!held) return;
    this.#held.delete(part);
    this.#held.set(part, { ...held, readyAt });
  }

  /** Whatever waits after a failure need not wait. @param {number} now */
  hurry(now) {
    for (const [part, held] of this.#held) this.#held.set(part, { ...held, readyAt: now });
  }

  /** @param {Iterable<number>} parts */
  drop(parts) {
    for (const part of parts) this.#held.delete(part);
  }

  /** Give back what is not under way and is good no longer than this. @param {number} [goodUntil] */
  dropReady(goodUntil = Infinity) {
    const old = this.in("ready").filter((held) => held.goodUntil <= goodUntil);
    this.drop(old.map((held) => held.ticket.part));
  }

  /** @param {number} part */
  get(part) {
    return this.#held.get(part);
  }

  /** @param {...Phase} phases @returns {Held[]} */
  in(...phases) {
    return [...this.#held.values()].filter((held) => phases.includes(held.phase));
  }

  /** @param {...Phase} phases @returns {number[]} */
  parts(...phases) {
    return this.in(...phases).map((held) => held.ticket.part);
  }
}
