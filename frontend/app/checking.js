// Before anything is sent: hash the beginning, ask the service, compare.
//
//   a file of one's own    hash the first page of the manifest, create the upload or join it; if it is
//                          stored already, or its manifest is another, hash to the end and compare
//   help with an upload    compare with its manifest; so too if a file was chosen once more
//
// Every part is compared once more before it is sent, so what slips through here is never stored.

import { Digests, knownAfter, planParts } from "../engine/parts.js";
import { sha256 } from "../ports/hasher.js";
import { Refused } from "../ports/api.js";
import { hashUntil, stillGood } from "./hashing.js";

/** What a person must be told; `code` is one of ours or of the protocol. */
export class Problem extends Error {
  /** @param {string} code @param {string} [message] the service's own words */
  constructor(code, message = "") {
    super(message);
    this.code = code;
  }
}

/**
 * @typedef {import("../engine/messages.js").Upload} Upload
 * @typedef {import("../ports/kept.js").Kept} Kept
 * @typedef {<T>(call: (options: {signal: AbortSignal}) => Promise<T>) => Promise<T>} Ask
 *   a call that is repeated until it is answered
 * @typedef {{api: import("../ports/api.js").Api, hasher: import("./hashing.js").Hasher, ask: Ask,
 *   limits: import("../engine/messages.js").Limits, signal: AbortSignal, progress(): void}} Means
 * @typedef {{upload: Upload, digests: Digests, stored: boolean}} Checked `stored`: nothing is to be sent
 */

export const WHOLE = ["complete", "assembling"];

/** What is hashed of a file already. @param {Kept} kept @param {File} file @param {Means} means */
export function digestsOf(kept, file, { limits }) {
  const plan = planParts(file.size, limits);
  return new Digests(plan, stillGood(kept, file, plan));
}

/** What a fast line needs first. @param {File} file @param {Digests} digests @param {Means} means */
export async function hashBeginning(file, digests, { hasher, signal }) {
  await hashUntil(file, digests, hasher, { signal, until: knownAfter(digests.plan, 2) });
}

/** @param {Kept} kept @param {File} file @param {Digests} digests @param {Means} means
 *  @returns {Promise<Checked>} rejects with Problem, Refused, FileGone, or the signal's reason */
export async function check(kept, file, digests, means) {
  if (file.size > means.limits.max_file_size) throw new Problem("file_too_large");
  if (kept.helps) return compare(kept, file, digests, means);
  if (kept.upload && !digests.known) await compare(kept, file, digests, means);
  return open(kept, file, digests, means);
}

/** @type {typeof import("./comparing.js").compare} */
const compare = async (...of) => (await import("./comparing.js")).compare(...of);

/** Create or join, hashing on meanwhile; then, if everything is in already, compare the whole.
 * @param {Kept} kept @param {File} file @param {Digests} digests @param {Means} means
 * @returns {Promise<Checked>} */
async function open(kept, file, digests, means) {
  await hashUntil(file, digests, means.hasher, { ...means, until: knownAfter(digests.plan, 1) });
  hashBeginning(file, digests, means).catch(() => {}); // who needs it finds out
  const upload = await create(kept, digests, means, "");
  if (!WHOLE.includes(upload.status)) return { upload, digests, stored: false };
  await hashUntil(file, digests, means.hasher, { ...means, until: digests.plan.count });
  if ((await digests.checksum(sha256)) === upload.checksum) return { upload, digests, stored: true };
  return (await import("./comparing.js")).openApart(kept, file, digests, means);
}

/** @param {Kept} kept @param {Digests} digests @param {Means} means @param {string} checksum */
export async function create(kept, digests, means, checksum) {
  const { plan } = digests;
  const file = {
    group: kept.group,
    size: plan.size,
    partSize: plan.partSize,
    digests: /** @type {string[]} */ (digests.page(0)),
    checksum,
  };
  const asked = (/** @type {string} */ name) => means.ask((o) => means.api.create({ ...file, name }, o));
  try {
    return (await asked(kept.name)).upload;
  } catch (error) {
    const instead = error instanceof Refused && error.code === "name_not_usable" && error.details.suggestion;
    if (!instead) throw error;
    return (await asked(instead)).upload;
  }
}
