// What goes into the engine, and what comes out of it: plain values, no behaviour.
//
// Whoever drives the engine turns what the world does into happenings, and decisions into deeds.

/**
 * What happened:
 *
 * - `answered`: the exchange under way was answered; `failed`: it came to nothing
 * - `disowned`: the service refused it, because these parts are not this client's to report
 * - `sent`, `put_failed`: the end of a PUT; `moved`: so many bytes have left since the last one
 * - `hold`, `go_on`: there is no network (PUTs are stopped), or nobody is signed in
 * - `woke`: the machine slept or changed its network; what is under way may hang
 * - `known`: the service knows more of the manifest
 * - `rest`: stop after the parts in flight
 *
 * @typedef {{kind: "answered", reply: import("./messages.js").ExchangeReply}
 *   | {kind: "failed", atLeastS: number}
 *   | {kind: "disowned", parts: number[]}
 *   | {kind: "sent", part: number}
 *   | {kind: "put_failed", part: number, why: import("./puts.js").Failure, detail: string}
 *   | {kind: "moved", bytes: number}
 *   | {kind: "hold", why: "offline" | "signed_out"}
 *   | {kind: "go_on", why: "offline" | "signed_out"}
 *   | {kind: "woke"}
 *   | {kind: "known"}
 *   | {kind: "rest"}} Happening
 *
 * What to do: `turned` says that the upload's status changed; `rested`, `end` and `give_up` are the
 * last.
 *
 * @typedef {{kind: "start_put", ticket: import("./messages.js").Ticket}
 *   | {kind: "stop_put", part: number}
 *   | {kind: "exchange", request: import("./messages.js").ExchangeRequest}
 *   | {kind: "turned", status: string}
 *   | {kind: "rested"}
 *   | {kind: "end", status: string}
 *   | {kind: "give_up", code: string, detail: string}} Decision
 */

export {};
