// The life of a transfer: what this device does for one upload.
//
// The upload itself has a status of its own, at the service; "paused here" is not "paused
// everywhere". A transfer that the user paused stays so until the user resumes it; one that is
// suspended goes on by itself, or as soon as what it lacks is given. What is not in the table is
// refused. The words are those of the systems that this one descends from.

/**
 * - `unauthorized`: chosen, and not yet given to a group
 * - `checking`: being hashed, and compared with what is stored
 * - `initialized`: the service knows it; it waits for the user
 * - `queued`: it waits for its turn
 * - `active`: parts are being sent
 * - `paused`: by the user, here; only the user resumes it
 * - `suspended`: by circumstances (see REASONS); goes on by itself, or when they are mended
 * - `finalizing`: all parts are in; the storage joins them
 *
 * @typedef {"unauthorized" | "checking" | "initialized" | "queued" | "active" | "paused"
 *   | "suspended" | "finalizing" | "complete" | "failed" | "cancelled"} State
 * @typedef {"authorize" | "checked" | "stored" | "enqueue" | "dequeue" | "start" | "pause"
 *   | "give_way" | "suspend" | "go_on" | "all_in" | "reopen" | "fail" | "cancel" | "again"} Event
 * @typedef {"offline" | "signed_out" | "everywhere" | "permission" | "file"} Reason
 *   why it is suspended: no network; nobody signed in; paused for everybody; the browser must be
 *   asked again for the file; the file must be chosen again
 */

/** @type {Record<State, Partial<Record<Event, State>>>} */
export const CYCLE = {
  unauthorized: { authorize: "checking" },
  checking: {
    checked: "initialized",
    stored: "complete",
    pause: "paused",
    fail: "failed",
    cancel: "cancelled",
  },
  initialized: {
    enqueue: "queued",
    suspend: "suspended",
    stored: "complete",
    fail: "failed",
    cancel: "cancelled",
  },
  queued: {
    start: "active",
    dequeue: "initialized",
    pause: "paused",
    suspend: "suspended",
    stored: "complete",
    fail: "failed",
    cancel: "cancelled",
  },
  active: {
    pause: "paused",
    give_way: "queued",
    suspend: "suspended",
    all_in: "finalizing",
    stored: "complete",
    fail: "failed",
    cancel: "cancelled",
  },
  paused: {
    enqueue: "queued",
    authorize: "checking",
    suspend: "suspended",
    all_in: "finalizing",
    stored: "complete",
    fail: "failed",
    cancel: "cancelled",
  },
  suspended: {
    go_on: "active",
    enqueue: "queued",
    authorize: "checking",
    pause: "paused",
    suspend: "suspended",
    all_in: "finalizing",
    stored: "complete",
    fail: "failed",
    cancel: "cancelled",
  },
  finalizing: { reopen: "queued", stored: "complete", fail: "failed", cancel: "cancelled" },
  complete: {},
  failed: { again: "checking" },
  cancelled: { again: "checking" },
};

/** The state after an event; undefined if the event means nothing in this state.
 * @param {State} state @param {Event} event @returns {State | undefined} */
export function after(state, event) {
  return CYCLE[state][event];
}

/** Where a transfer stands when its page is opened again. Without its file nothing can be sent; what
 * the user paused stays paused, and where all parts are in, the file is not needed.
 * @param {State} state @param {Reason | undefined} why @param {boolean} hasHandle
 * @returns {{state: State, why?: Reason}} */
export function restored(state, why, hasHandle) {
  if (isOver(state) || ["unauthorized", "finalizing", "paused", "initialized"].includes(state))
    return { state };
  return { state: "suspended", why: hasHandle ? "permission" : "file" };
}

/** Nothing follows by itself. @param {State} state */
export function isOver(state) {
  return state === "complete" || state === "failed" || state === "cancelled";
}

/** It takes one of the places of the queue. @param {State} state @param {Reason | undefined} why */
export function takesPlace(state, why) {
  return state === "active" || (state === "suspended" && (why === "offline" || why === "signed_out"));
}

/**
 * What a person may do with a transfer now.
 * @param {{state: State, why?: Reason, resting?: boolean, begun: boolean, yours: boolean}} transfer
 */
export function verbsOf({ state, why, resting = false, yours }) {
  const lacksFile = state === "suspended" && (why === "file" || why === "permission");
  return {
    pause: (state === "active" && !resting) || (state === "suspended" && !lacksFile && why !== "everywhere"),
    dequeue: state === "queued",
    start: state === "initialized" || state === "queued" || state === "paused",
    allow: state === "suspended" && why === "permission",
    choose: state === "suspended" && why === "file",
    retry: state === "failed" || state === "cancelled",
    cancel: yours && !isOver(state) && state !== "unauthorized" && state !== "finalizing",
    remove: isOver(state) || state === "unauthorized" || (!yours && state !== "finalizing"),
    move: state === "queued",
  };
}
