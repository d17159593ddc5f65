// Folders that were dropped or pasted are walked through; loaded when there is one.

import { BETWEEN_FOLDERS, walk } from "./files.js";

/** @typedef {import("./files.js").Chosen} Chosen */

/** All files in a folder, by name. @param {any} folder a handle or an entry @returns {Promise<Chosen[]>} */
export async function inside(folder) {
  const found = folder.kind ? await Array.fromAsync(folder.values()) : await entriesOf(folder);
  found.sort((a, b) => a.name.localeCompare(b.name));
  const walked = [];
  for (const one of found) walked.push(...(await walk(one)));
  return walked.map((chosen) => ({ ...chosen, name: `${folder.name}${BETWEEN_FOLDERS}${chosen.name}` }));
}

/** @param {any} directory @returns {Promise<any[]>} all of them: a reader gives a hundred at a time */
async function entriesOf(directory) {
  const reader = directory.createReader();
  const all = [];
  for (;;) {
    /** @type {any[]} */ const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return all;
    all.push(...some);
  }
}
