// How a file is cut into parts, and which digests are known.
//
// The plan follows from the file's size and the numbers of /api/me alone, so every device cuts
// alike. Parts are numbered from 1; an empty file is one empty part.

import { toBase64 } from "./wire.js";

export const DIGEST_BYTES = 32;

/**
 * @typedef {{size: number, partSize: number, count: number, pageParts: number, pages: number}} Plan
 * @param {number} size in bytes @param {import("./wire.js").Limits} limits @returns {Plan}
 */
export function planParts(size, limits) {
  const steps = Math.ceil(size / (limits.max_parts * limits.part_size_step));
  return plan(size, Math.max(limits.min_part_size, steps * limits.part_size_step), limits.page_parts);
}

/** @param {number} size @param {number} partSize @param {number} pageParts @returns {Plan} */
export function plan(size, partSize, pageParts) {
  const count = Math.max(1, Math.ceil(size / partSize));
  return { size, partSize, count, pageParts, pages: Math.ceil(count / pageParts) };
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
    const first = number * this.plan.pageParts + 1;
    const end = Math.min(first + this.plan.pageParts, this.plan.count + 1);
    if (this.#prefix < end - 1) return undefined;
    return Array.from({ length: end - first }, (_, i) => this.get(first + i));
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
