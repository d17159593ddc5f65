// What the embedding page is told, in plain values: no object of ours leaves the element.

/** @typedef {import("../app/transfer.js").Transfer} Transfer
 *
 * @typedef {{id: string, upload: string, name: string, size: number, state: string, why: string,
 *   bytes: number, share: number, rate: number, devices: number, seconds: number}} Progress
 *   `id` of the transfer, for the methods; `upload` of the upload, "" until it has one; `state` and
 *   `why` as in docs/design.md; `share` of 1; `rate` of all devices, bytes a second; `seconds` left,
 *   0 while unknown
 * @typedef {{id: string, upload: string, name: string, size: number, group: string, checksum: string,
 *   already: boolean}} Stored `already`: it was there before anything was sent
 * @typedef {{id: string, upload: string, name: string, code: string, message: string}} Failed
 *   `id`, `upload` and `name` are "" if it concerns no single file
 */

/** @param {Transfer} transfer @returns {Progress} */
export function progressOf(transfer) {
  const { kept, state, why = "" } = transfer;
  const { share: seen, rate, devices, etaS } = transfer.progress();
  const share = state === "complete" ? 1 : Math.max(seen, kept.share);
  return {
    ...whichOf(transfer),
    size: kept.size,
    state,
    why,
    bytes: Math.round(share * kept.size),
    share,
    rate: state === "active" ? Math.round(rate) : 0,
    devices: state === "active" ? devices : 0,
    seconds: state === "active" ? Math.ceil(etaS ?? 0) : 0,
  };
}

/** @param {Transfer} transfer @returns {Stored} */
export function storedOf(transfer) {
  const { size, group, already = false } = transfer.kept;
  return { ...whichOf(transfer), size, group, already, checksum: transfer.tally.upload?.checksum ?? "" };
}

/** @param {Transfer} transfer @returns {Failed} */
export function failedOf(transfer) {
  const { code = "defect", message = "" } = transfer.kept.problem ?? {};
  return { ...whichOf(transfer), code, message };
}

/** @param {Transfer} transfer */
function whichOf({ id, kept }) {
  return { id, upload: kept.upload, name: kept.name };
}
