// Sending one part: compare its digest with the ticket's, then PUT it.
//
// The order is the promise: a part whose digest is not the ticket's never leaves. The ticket's is
// the owner's, so a difference means that this file is another one, or was changed. What the storage
// finds wrong is hashed once more: it may have been damaged on the way.

import { CHECKSUM_HEADER, toBase64 } from "../engine/wire.js";
import { digestOf, slice } from "./hashing.js";

/** @typedef {import("../ports/put.js").Outcome | {kind: "differs"} | {kind: "gone"}} Sent
 *  @typedef {{hasher: import("./hashing.js").Hasher, isReadable(file: File): Promise<boolean>,
 *    put: typeof import("../ports/put.js").put}} Means */

/** @param {import("../engine/messages.js").Ticket} ticket @param {File} file
 *  @param {import("../engine/parts.js").Digests} digests @param {Means} means
 *  @param {{signal: AbortSignal, moved: (bytes: number) => void}} options
 *  @returns {Promise<Sent>} never rejects */
export async function send(ticket, file, digests, means, options) {
  try {
    const own = await digestOf(file, digests, means.hasher, ticket.part);
    if (own !== ticket.headers[CHECKSUM_HEADER]) return { kind: "differs" };
  } catch {
    return { kind: "gone" };
  }
  if (options.signal.aborted) return { kind: "failed", why: "stopped", detail: "" };
  const outcome = await means.put(ticket, slice(file, digests.plan, ticket.part), options);
  const doubtful = outcome.kind === "wrong_bytes" || (outcome.kind === "failed" && outcome.why === "line");
  if (doubtful && !(await means.isReadable(file))) return { kind: "gone" };
  return outcome.kind === "wrong_bytes" ? examined(ticket, file, digests, means) : outcome;
}

/** @param {import("../engine/messages.js").Ticket} ticket @param {File} file
 *  @param {import("../engine/parts.js").Digests} digests @param {Means} means
 *  @returns {Promise<Sent>} */
async function examined(ticket, file, digests, means) {
  try {
    const part = slice(file, digests.plan, ticket.part);
    const same =
      toBase64(await means.hasher.digest(part, { urgent: true })) === ticket.headers[CHECKSUM_HEADER];
    return same ? { kind: "failed", why: "refused", detail: "damaged on the way" } : { kind: "differs" };
  } catch {
    return { kind: "gone" };
  }
}
