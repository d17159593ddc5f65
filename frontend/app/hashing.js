// Hashing a file's parts in order, several side by side, and comparing single ones.

import { range } from "../engine/parts.js";

/** @typedef {import("../engine/parts.js").Digests} Digests
 *  @typedef {import("../engine/parts.js").Plan} Plan
 *  @typedef {{width: number, digest(part: Blob, options?: {urgent?: boolean}): Promise<Uint8Array>}} Hasher */

/** @param {Blob} file @param {Plan} plan @param {number} part */
export function slice(file, plan, part) {
  return file.slice(...range(plan, part));
}

/** Hash on, in order, until the first `until` parts are known. Rejects with FileGone, or with the
 * signal's reason.
 * @param {Blob} file @param {Digests} digests @param {Hasher} hasher
 * @param {{until: number, signal: AbortSignal, progress?: () => void}} options */
export async function hashUntil(file, digests, hasher, { until, signal, progress = () => {} }) {
  let next = digests.known + 1;
  const lane = async () => {
    for (let part = next++; part <= until; part = next++) {
      signal.throwIfAborted();
      if (!digests.has(part)) digests.set(part, await hasher.digest(slice(file, digests.plan, part)));
      signal.throwIfAborted();
      progress();
    }
  };
  await Promise.all(Array.from({ length: hasher.width }, lane));
}

/** The digest of one part, in base64, hashed now if it is not known yet.
 * @param {Blob} file @param {Digests} digests @param {Hasher} hasher @param {number} part */
export async function digestOf(file, digests, hasher, part) {
  if (!digests.has(part))
    digests.set(part, await hasher.digest(slice(file, digests.plan, part), { urgent: true }));
  return digests.get(part);
}

/** Parts that tell whether a file is the same: the first, one in the middle, the last known.
 * @param {number} known how many parts have a known digest @returns {number[]} */
export function samples(known) {
  return [...new Set([1, Math.ceil(known / 2), known])].filter((part) => part >= 1);
}

/** A file was changed if its size or its time is another; what was hashed of it is then worthless.
 * @param {{size: number, modified: number, digests: Uint8Array, partSize: number}} kept
 * @param {File} file @param {Plan} plan */
export function stillGood(kept, file, plan) {
  const same =
    kept.size === file.size && kept.modified === file.lastModified && kept.partSize === plan.partSize;
  return same ? kept.digests : new Uint8Array();
}
