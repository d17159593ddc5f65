// What both Uppys are asked for, and how they meet the person who chooses a file.

const asked = new URLSearchParams(location.search);

export const REGION = "eu-central-1";
export const STORAGE = `${asked.get("storage")}/bench`;
export const CREDENTIALS = { accessKeyId: "nobody", secretAccessKey: "nothing", sessionToken: "none" };

/** Uppy's own choices, but for what is asked for. */
export const WISHES = asked.has("part") ? { getChunkSize: () => Number(asked.get("part")) } : {};

/** Whether each part must carry its checksum. */
export const DUTY = asked.has("checksum");

/** @param {Blob} part @returns {Promise<Record<string, string>>} */
export async function checksum(part) {
  const digest = await crypto.subtle.digest("SHA-256", await part.arrayBuffer());
  return { "x-amz-checksum-sha256": btoa(String.fromCharCode(...new Uint8Array(digest))) };
}

/** Uploads what is chosen; `uploaded` is the moment of the end, or rejects.
 * @param {any} uppy */
export function serve(uppy) {
  const input = /** @type {HTMLInputElement} */ (document.querySelector("input"));
  input.onchange = () => {
    const file = /** @type {File} */ (input.files?.[0]);
    Object.assign(globalThis, { uploaded: ended(uppy) });
    uppy.addFile({ name: file.name, type: "application/octet-stream", data: file, source: "bench" });
  };
}

/** @param {any} uppy @returns {Promise<{stored: number}>} */
function ended(uppy) {
  return new Promise((resolve, reject) =>
    uppy.on("complete", (/** @type {any} */ { failed, successful }) =>
      successful.length
        ? resolve({ stored: performance.now() })
        : reject(new Error(failed[0]?.error ?? "nothing was uploaded")),
    ),
  );
}
