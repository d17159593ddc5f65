// Files as browsers give them: by picker, drop or paste; alone, in folders, with or without handle.
//
// A handle (Chromium) can be kept over a restart; a plain File cannot. Folders are walked through;
// a file's name then tells the folders that it was in.

/** @typedef {{file: File, name: string, handle?: FileSystemFileHandle}} Chosen */

export const BETWEEN_FOLDERS = " - "; // a name holds no slashes

/** @returns {boolean} */
export function hasHandles() {
  return "showOpenFilePicker" in globalThis;
}

/** Ask for files; empty if the person changed their mind. Must be called from a click.
 * @param {{multiple?: boolean}} [options] @returns {Promise<Chosen[]>} */
export async function pick({ multiple = true } = {}) {
  if (!hasHandles()) return pickPlain({ multiple });
  try {
    const handles = await /** @type {any} */ (globalThis).showOpenFilePicker({ multiple });
    return await Promise.all(handles.map(fromHandle));
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return [];
    throw error;
  }
}

/** @returns {Promise<Chosen[]>} */
export function pickFolder() {
  return pickPlain({ multiple: true, folder: true });
}

/** @type {HTMLInputElement | undefined} */ let asking;

/** Resolves only if something is chosen. @param {{multiple: boolean, folder?: boolean}} options
 * @returns {Promise<Chosen[]>} */
function pickPlain({ multiple, folder = false }) {
  asking?.remove(); // whoever asked before was not answered, and never will be
  const input = document.createElement("input");
  Object.assign(input, { type: "file", multiple, webkitdirectory: folder, hidden: true });
  asking = input;
  document.body.append(input); // some browsers do not answer for one that is nowhere
  return new Promise((resolve) => {
    input.onchange = () => resolve(Array.from(input.files ?? [], plain));
    input.click();
  });
}

/** @param {File} file @returns {Chosen} */
function plain(file) {
  return { file, name: (file.webkitRelativePath || file.name).replaceAll("/", BETWEEN_FOLDERS) };
}

/** @param {FileSystemFileHandle} handle @returns {Promise<Chosen>} */
async function fromHandle(handle) {
  return { file: await handle.getFile(), name: handle.name, handle };
}

/** What was dropped or pasted. Call it within the event: the browser empties it afterwards.
 * @param {DataTransfer | null} data @returns {Promise<Chosen[]>} */
export async function fromTransfer(data) {
  const items = Array.from(data?.items ?? []).filter((item) => item.kind === "file");
  const found = await Promise.all(items.map(asked));
  const walked = await Promise.all(found.map(walk));
  return walked.flat();
}

/** @param {DataTransferItem} item @returns {Promise<any>} a handle, an entry or a File */
async function asked(item) {
  const file = item.getAsFile();
  const entry = item.webkitGetAsEntry?.();
  const handle = await /** @type {any} */ (item).getAsFileSystemHandle?.().catch(() => undefined);
  return handle ?? (entry?.isDirectory ? entry : file);
}

/** @param {any} found @returns {Promise<Chosen[]>} */
export async function walk(found) {
  if (!found) return [];
  if (found instanceof File) return [plain(found)];
  if (found.kind === "file") return [await fromHandle(found)];
  if (found.isFile) return [plain(await new Promise((done, failed) => found.file(done, failed)))];
  return (await import("./folders.js")).inside(found);
}

/** The file of a kept handle. @param {FileSystemFileHandle} handle @param {boolean} ask whether the
 *  person may be asked; only from a click @returns {Promise<File | undefined>} */
export async function reopen(handle, ask) {
  const access = /** @type {any} */ (handle);
  let state = await access.queryPermission?.({ mode: "read" });
  if (state === "prompt" && ask) state = await access.requestPermission({ mode: "read" });
  if (state !== "granted") return undefined;
  try {
    return await handle.getFile();
  } catch {
    return undefined;
  }
}
