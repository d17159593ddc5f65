// What the upload's status means, for a client and for a person who looks: a total table of the
// protocol's statuses, what they are called, how soon they may be others.

const QUIET_MS = 60_000;

/** @typedef {"working" | "paused" | "waiting" | "over"} Stage
 *  working: tickets may come; paused: none will; waiting: all is in; over: nothing follows. */

/** @type {Record<string, Stage>} */
export const STAGES = {
  initialized: "working",
  active: "working",
  paused: "paused",
  assembling: "waiting",
  complete: "over",
  failed: "over",
  cancelled: "over",
  expired: "over",
  deleted: "over",
};

/** A status of a newer service is taken like a pause: nothing to do now, ask again.
 * @param {string} status @returns {Stage} */
export function stageOf(status) {
  return STAGES[status] ?? "paused";
}

/** The status as a person sees it: an upload under way of which nothing is heard is *idle*.
 * @param {{status: string, touched_at: number}} upload @param {number} now ms, by the service's clock */
export function shownStatus({ status, touched_at }, now) {
  return status === "active" && now - touched_at > QUIET_MS ? "idle" : status;
}

/** Seconds until it makes sense to look again; 0 for never. @param {string} status */
export function lookAgain(status) {
  if (["active", "assembling"].includes(status)) return 1;
  return ["initialized", "paused"].includes(status) ? 3 : 0;
}
