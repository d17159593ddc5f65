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
      await hashed(file, digests, hasher, part);
      signal.throwIfAborted();
      progress();
    }
  };
  await Promise.all(Array.from({ length: hasher.width }, lane));
}

/** The digest of one part, in base64, hashed now if it is not known yet.
 * @param {Blob} file @param {Digests} digests @param {Hasher} hasher @param {number} part */
export async function digestOf(file, digests, hasher, part) {
  await hashed(file, digests, hasher, part, { urgent: true });
  return digests.get(part);
}

/** Once, however many wait for it. @param {Blob} file @param {Digests} digests @param {Hasher} hasher
 * @param {number} part @param {{urgent?: boolean}} [how] */
function hashed(file, digests, hasher, part, how) {
  const { plan, underWay } = digests;
  if (digests.has(part)) return;
  const hash = async () => digests.set(part, await hasher.digest(slice(file, plan, part), how));
  if (!underWay.has(part))
    underWay.set(
      part,
      hash().finally(() => underWay.delete(part)),
    );
  return underWay.get(part);
}

/** A file was changed if its size or its time is another; what was hashed of it is then worthless.
 * @param {{size: number, modified: number, digests: Uint8Array, partSize: number}} kept
 * @param {File} file @param {Plan} plan */
export function stillGood(kept, file, plan) {
  const same =
    kept.size === file.size && kept.modified === file.lastModified && kept.partSize === plan.partSize;
  return same ? kept.digests : new Uint8Array();
}
