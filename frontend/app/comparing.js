// Is this the file of an upload that is there? Its size, and some digests of its manifest, must say so.
// And what becomes of one that is not. Loaded for who helps, for a file that was chosen once more, and
// for one that is another than it seemed.

import { pageOf } from "../engine/parts.js";
import { sha256 } from "../ports/hasher.js";
import { create, Problem, WHOLE } from "./checking.js";
import { digestOf, hashUntil } from "./hashing.js";

/** @typedef {import("./checking.js").Checked} Checked
 *  @typedef {import("./checking.js").Means} Means
 *  @typedef {import("../engine/parts.js").Digests} Digests
 *  @typedef {import("../ports/kept.js").Kept} Kept */

/** @param {Kept} kept @param {File} file @param {Digests} digests @param {Means} means
 *  @returns {Promise<Checked>} */
export async function compare(kept, file, digests, means) {
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

/** Parts that tell whether a file is the same: the first, one in the middle, the last known.
 * @param {number} known how many parts have a known digest @returns {number[]} */
function samples(known) {
  return [...new Set([1, Math.ceil(known / 2), known])].filter((part) => part >= 1);
}

/** This file is not the one of the upload with this name, size and beginning: an upload of its own.
 * @param {Kept} kept @param {File} file @param {Digests} digests @param {Means} means
 * @returns {Promise<Checked>} */
export async function openApart(kept, file, digests, means) {
  await hashUntil(file, digests, means.hasher, { ...means, until: digests.plan.count });
  const upload = await create(kept, digests, means, await digests.checksum(sha256));
  return { upload, digests, stored: WHOLE.includes(upload.status) };
}
