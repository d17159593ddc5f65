// What the upload's status means for a client: a total table of the protocol's statuses.

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
