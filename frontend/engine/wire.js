// The JSON of the protocol: the only place on the page where requests are put together.
//
// Sizes are bytes, rates bytes a second, spans seconds, moments milliseconds since the epoch by the
// service's clock. Fields that are not known here are left alone. docs/openapi.yaml says the rest;
// the golden messages in tests/wire/ keep this file and the server's honest.

export const CHECKSUM_HEADER = "x-amz-checksum-sha256";

/**
 * @param {{group: string, name: string, size: number, partSize: number, digests: string[],
 *   checksum?: string}} file `digests`: the first page of the manifest
 */
export function createRequest({ group, name, size, partSize, digests, checksum = "" }) {
  return { group, name, size, part_size: partSize, digests, checksum };
}

/** @param {string[]} digests @param {number} generation */
export function pageRequest(digests, generation) {
  return { digests, generation };
}

/** @typedef {import("./messages.js").ExchangeRequest} ExchangeRequest */

/** @param {ExchangeRequest} said @returns {ExchangeRequest} */
export function exchangeRequest({ client, label, seq, holding, done, want, rate, generation }) {
  return { client, label, seq, holding, done, want, rate, generation };
}

/** @param {Uint8Array} bytes */
export function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/** @param {string} text */
export function fromBase64(text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}
