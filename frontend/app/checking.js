// Before anything is sent: hash the beginning, ask the service, compare.
//
//   a file of one's own    hash the first page of the manifest, create the upload or join it; if it is
//                          stored already, or its manifest is another, hash to the end and compare
//   help with an upload    the size and some digests must be those of its manifest; so too if a file
//                          was chosen once more, to go on with an upload of one's own
//
// Every part is compared once more before it is sent, so what slips through here is never stored.

import { Digests, knownAfter, pageOf, planParts } from "../engine/parts.js";
import { sha256 } from "../ports/hasher.js";
import { Refused } from "../ports/api.js";
import { digestOf, hashUntil, samples, stillGood } from "./hashing.js";

/** What a person must be told; `code` is one of ours or of the protocol. */
export class Problem extends Error {
  /** @param {string} code @param {string} [message] the service's own words */
  constructor(code, message = "") {
    super(message);
    this.code = code;
  }
}

/**
 * @typedef {import("../engine/wire.js").Upload} Upload
 * @typedef {import("../ports/store.js").Kept} Kept
 * @typedef {<T>(call: (options: {signal: AbortSignal}) => Promise<T>) => Promise<T>} Ask
 *   a call that is repeated until it is answered
 * @typedef {{api: import("../ports/api.js").Api, hasher: import("./hashing.js").Hasher, ask: Ask,
 *   limits: import("../engine/wire.js").Limits, signal: AbortSignal, progress(): void}} Means
 * @typedef {{upload: Upload, digests: Digests, stored: boolean}} Checked `stored`: nothing is to be sent
 */

const WHOLE = ["complete", "assembling"];

/** @param {Kept} kept @param {File} file @param {Means} means @param {(digests: Digests) => void} begun
 *  @returns {Promise<Checked>} rejects with Problem, Refused, FileGone, or the signal's reason */
export async function check(kept, file, means, begun) {
  const { limits } = means;
  if (file.size > limits.max_file_size) throw new Problem("file_too_large");
  const plan = planParts(file.size, limits);
  const digests = new Digests(plan, stillGood(kept, file, plan));
  begun(digests);
  if (kept.helps) return compare(kept, file, digests, means);
  if (kept.upload && !digests.known) await compare(kept, file, digests, means);
  return open(kept, file, digests, means);
}

/** Create or join; then, if everything is in already, compare the whole.
 * @param {Kept} kept @param {File} file @param {Digests} digests @param {Means} means
 * @returns {Promise<Checked>} */
async function open(kept, file, digests, means) {
  await hashUntil(file, digests, means.hasher, { ...means, until: knownAfter(digests.plan, 1) });
  const upload = await create(kept, digests, means, "");
  if (!WHOLE.includes(upload.status)) return { upload, digests, stored: false };
  await hashUntil(file, digests, means.hasher, { ...means, until: digests.plan.count });
  if ((await digests.checksum(sha256)) === upload.checksum) return { upload, digests, stored: true };
  return openApart(kept, file, digests, means);
}

/** This file is not the one of the upload with this name, size and beginning: an upload of its own.
 * @param {Kept} kept @param {File} file @param {Digests} digests @param {Means} means
 * @returns {Promise<Checked>} */
export async function openApart(kept, file, digests, means) {
  await hashUntil(file, digests, means.hasher, { ...means, until: digests.plan.count });
  const upload = await create(kept, digests, means, await digests.checksum(sha256));
  return { upload, digests, stored: WHOLE.includes(upload.status) };
}

/** @param {Kept} kept @param {Digests} digests @param {Means} means @param {string} checksum */
async function create(kept, digests, means, checksum) {
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

/** @param {Kept} kept @param {File} file @param {Digests} digests @param {Means} means
 *  @returns {Promise<Checked>} */
async function compare(kept, file, digests, means) {
  const { upload } = await means.ask((o) => means.api.upload(kept.upload, o));
  const { plan } = digests;
  if (upload.size !== plan.size) throw new Problem("another_size");
  if (upload.part_size !== plan.partSize) throw new Problem("another_file");
  for (const part of samples(upload.parts_known)) {
    const [page, place] = pageOf(plan, part);
    const { digests: theirs } = await means.ask((o) => means.api.page(upload.id, page, o));
    const own = await digestOf(file, digests, means.hasher, part);
    if (own !== theirs[place]) throw new Problem("another_file");
    means.progress();
  }
  return { upload, digests, stored: WHOLE.includes(upload.status) };
}
