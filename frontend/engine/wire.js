// The JSON of the protocol: the only place on the page where requests are put together.
//
// Sizes are bytes, rates bytes a second, spans seconds, moments milliseconds since the epoch by the
// service's clock. Fields that are not known here are left alone. docs/openapi.yaml says the rest;
// the golden messages in tests/wire/ keep this file and the server's honest.

/**
 * @typedef {{part: number, offset: number, length: number, url: string,
 *   headers: Record<string, string>, expires_s: number}} Ticket
 * @typedef {{number: number, label: string, person: string, rate: number, parts: number,
 *   bytes: number, seen_s: number, alive: boolean, held: number[]}} Client
 * @typedef {{parts: number, parts_known: number, parts_done: number, bytes: number,
 *   bytes_done: number}} Progress
 * @typedef {{client: string, label: string, generation?: number, seq: number, holding: number[], done: number[],
 *   want: number, rate: number}} ExchangeRequest
 * @typedef {{status: string, tickets: Ticket[], revoked: number[], progress: Progress,
 *   clients: Client[], number: number, next_exchange_s: number}} ExchangeReply
 * @typedef {{id: string, generation: number, group: string, owner: string, yours: boolean,
 *   name: string, size: number, part_size: number, parts: number, parts_known: number,
 *   parts_done: number, bytes_done: number, status: string, created_at: number,
 *   changed_at: number, touched_at: number, checksum: string, reason: string}} Upload
 * @typedef {{tickets: string, clients: Client[]}} Board
 * @typedef {{upload: Upload, board: Board}} UploadReply
 * @typedef {{outcome: "created" | "joined", upload: Upload}} CreateReply
 * @typedef {{uploads: Upload[], next: string | null}} ListReply
 * @typedef {{parts_known: number, parts: number, checksum: string}} KnownReply
 * @typedef {{id: string, name: string, personal: boolean}} Group
 * @typedef {{min_part_size: number, part_size_step: number, max_parts: number,
 *   max_file_size: number, first_pages: number[], page_parts: number, max_held: number}} Limits
 * @typedef {{user: {id: string, name: string}, groups: Group[], limits: Limits}} MeReply
 * @typedef {{url: string, expires_s: number, name: string, size: number, checksum: string}} DownloadReply
 * @typedef {{code: string, message: string, retryable: boolean, details: Record<string, any>}} ErrorReply
 */

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
