// SHA-256 of a part. The browser's own is the fastest, but takes the whole part into memory and is
// there only in secure contexts; so parts of very large files are hashed piece by piece, and a page
// that a machine serves to its own network without https works all the same.

const WHOLE_UP_TO = 16 * 1024 * 1024;
const SPARE = 2;
/** @type {ArrayBuffer[]} */ const spare = [];

/** @param {Blob} part @returns {Promise<Uint8Array>} 32 bytes; rejects if it cannot be read */
export async function digestOfPart(part) {
  if (crypto.subtle && part.size <= WHOLE_UP_TO) return digestOfWhole(part);
  const { sha256 } = await import("../vendor/sha256.js");
  const hash = sha256.create();
  const reader = part.stream().getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) hash.update(read.value);
  return hash.digest();
}

/** @param {Blob} part */
async function digestOfWhole(part) {
  const bytes = await bytesOf(part);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  if (spare.length < SPARE) spare.push(bytes.buffer);
  return new Uint8Array(digest);
}

/** Read into memory used before, where the browser can: faster, and no garbage.
 * @param {Blob} part @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function bytesOf(part) {
  const reader = filling(part);
  if (!reader) return new Uint8Array(await part.arrayBuffer());
  const used = spare.pop();
  let bytes = new Uint8Array(used && used.byteLength >= part.size ? used : new ArrayBuffer(part.size));
  for (let at = 0; at < part.size;) {
    const read = await reader.read(bytes.subarray(at, part.size));
    if (read.done) throw new Error("too short");
    at += read.value.byteLength;
    bytes = new Uint8Array(read.value.buffer);
  }
  return bytes.subarray(0, part.size);
}

/** @param {Blob} part */
function filling(part) {
  try {
    return part.stream().getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
}

/** The one function of `crypto.subtle` that the page and its sign-in need, where there is none. */
export function withoutSubtle() {
  if (crypto.subtle) return;
  const digest = async (/** @type {string} */ _, /** @type {BufferSource} */ data) =>
    (await import("../vendor/sha256.js")).sha256(new Uint8Array(/** @type {ArrayBuffer} */ (data))).buffer;
  Object.defineProperty(crypto, "subtle", { value: { digest } });
}
