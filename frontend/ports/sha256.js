// SHA-256 of a part. The browser's own is the fastest, but takes the whole part into memory and is
// there only in secure contexts; so parts of very large files are hashed piece by piece, and a page
// that a machine serves to its own network without https works all the same.

const WHOLE_UP_TO = 16 * 1024 * 1024;

/** @param {Blob} part @returns {Promise<Uint8Array>} 32 bytes; rejects if it cannot be read */
export async function digestOfPart(part) {
  if (crypto.subtle && part.size <= WHOLE_UP_TO)
    return new Uint8Array(await crypto.subtle.digest("SHA-256", await part.arrayBuffer()));
  const { sha256 } = await import("../vendor/sha256.js");
  const hash = sha256.create();
  const reader = part.stream().getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) hash.update(read.value);
  return hash.digest();
}

/** The one function of `crypto.subtle` that the page and its sign-in need, where there is none. */
export function withoutSubtle() {
  if (crypto.subtle) return;
  const digest = async (/** @type {string} */ _, /** @type {BufferSource} */ data) =>
    (await import("../vendor/sha256.js")).sha256(new Uint8Array(/** @type {ArrayBuffer} */ (data))).buffer;
  Object.defineProperty(crypto, "subtle", { value: { digest } });
}
