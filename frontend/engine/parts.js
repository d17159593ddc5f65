// How a file is cut into parts, and which digests are known.
//
// The plan follows from the file's size and the numbers of /api/me alone, so every device cuts
// alike. Parts are numbered from 1; an empty file is one empty part.

import { toBase64 } from "./wire.js";

export const DIGEST_BYTES = 32;

/**
 * `starts`: how many parts are before each page of the manifest.
 * @typedef {{size: number, partSize: number, count: number, starts: number[]}} Plan
 * @param {number} size in bytes @param {import("./messages.js").Limits} limits @returns {Plan}
 */
export function planParts(size, limits) {
  const steps = Math.ceil(size / (limits.max_parts * limits.part_size_step));
  return cut(size, Math.max(limits.min_part_size, steps * limits.part_size_step), limits);
}

/** @param {number} size @param {number} partSize
 *  @param {Pick<import("./messages.js").Limits, "first_pages" | "page_parts">} limits @returns {Plan} */
export function cut(size, partSize, { first_pages, page_parts }) {
  const count = Math.max(1, Math.ceil(size / partSize));
  const starts = [0];
  for (let next = 0; ; starts.push(next)) {
    next += first_pages[starts.length - 1] ?? page_parts;
    if (next >= count) break;
  }
  return { size, partSize, count, starts };
}

/** @param {Plan} plan @param {number} pages how many parts are on the first so many */
export function knownAfter({ starts, count }, pages) {
  return starts[pages] ?? count;
}

/** @param {Plan} plan @param {number} part @returns {[number, number]} its page and its place there, from 0 */
export function pageOf({ starts }, part) {
  const page = starts.findLastIndex((start) => start < part);
  return [page, part - 1 - starts[page]];
}

/** @param {Plan} plan @param {number} part @returns {[number, number]} first byte, byte behind the last */
export function range({ size, partSize }, part) {
  return [(part - 1) * partSize, Math.min(part * partSize, size)];
}

/** @param {Plan} plan @param {number} part in bytes */
export function lengthOf(plan, part) {
  const [start, end] = range(plan, part);
  return end - start;
}

/** The SHA-256 of a file's parts, as far as they are known. */
export class Digests {
  #bytes;
  #known;
  #prefix = 0;
  /** Parts that are being hashed. @type {Map<number, Promise<void>>} */ underWay = new Map();

  /** @param {Plan} plan @param {Uint8Array} [kept] what `prefix` gave before */
  constructor(plan, kept = new Uint8Array()) {
    this.plan = plan;
    this.#bytes = new Uint8Array(plan.count * DIGEST_BYTES);
    this.#known = new Uint8Array(plan.count);
    const parts = Math.min(plan.count, Math.floor(kept.length / DIGEST_BYTES));
    this.#bytes.set(kept.subarray(0, parts * DIGEST_BYTES));
    this.#known.fill(1, 0, parts);
    this.#prefix = parts;
  }

  /** How many are known from the first on. */
  get known() {
    return this.#prefix;
  }

  get whole() {
    return this.#prefix === this.plan.count;
  }

  /** Bytes of the file whose digest is known, from the first on. */
  get bytes() {
    return Math.min(this.plan.size, this.#prefix * this.plan.partSize);
  }

  /** @param {number} part */
  has(part) {
    return this.#known[part - 1] === 1;
  }

  /** @param {number} part @param {Uint8Array} digest */
  set(part, digest) {
    this.#bytes.set(digest, (part - 1) * DIGEST_BYTES);
    this.#known[part - 1] = 1;
    while (this.#known[this.#prefix] === 1) this.#prefix += 1;
  }

  /** @param {number} part @returns {string} in base64; only for a part that is known */
  get(part) {
    return toBase64(this.#bytes.subarray((part - 1) * DIGEST_BYTES, part * DIGEST_BYTES));
  }

  /** @param {number} number from 0 @returns {string[] | undefined} once the whole page is known */
  page(number) {
    const before = this.plan.starts[number];
    const end = knownAfter(this.plan, number + 1);
    if (this.#prefix < end) return undefined;
    return Array.from({ length: end - before }, (_, i) => this.get(before + 1 + i));
  }

  /** All that is known from the first on, to be kept; 32 bytes each. */
  prefix() {
    return this.#bytes.slice(0, this.#prefix * DIGEST_BYTES);
  }

  /** S3's composite checksum, `…=-41`; only when whole.
   * @param {(bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>} sha256 */
  async checksum(sha256) {
    return `${toBase64(await sha256(this.#bytes))}-${this.plan.count}`;
  }
}
