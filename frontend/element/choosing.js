// Which files may be chosen: the words of `accept`, for a picker and for what is dropped.

import { pick } from "../ports/files.js";

const EVERYTHING = ["*", "*/*"];

/** @typedef {import("../ports/files.js").Chosen} Chosen */

/** Must be called from a click. With `accept`, browsers give no handles, so the file is chosen again
 * after a restart. @param {{accept: string, multiple: boolean}} wish @returns {Promise<Chosen[]>} */
export function choose({ accept, multiple }) {
  if (!accept) return pick({ multiple });
  const input = Object.assign(document.createElement("input"), { type: "file", accept, multiple });
  return new Promise((resolve) => {
    input.onchange = () => resolve(chosenOf(input.files ?? []));
    input.oncancel = () => resolve([]);
    input.click();
  });
}

/** @param {Iterable<File>} files @returns {Chosen[]} */
export function chosenOf(files) {
  return Array.from(files, (file) => ({ file, name: file.name }));
}

/** As browsers read the attribute: endings, types, and types by their first half.
 * @param {{name: string, type: string}} file @param {string} accept "" for everything */
export function accepts({ name, type }, accept) {
  const wishes = accept
    .toLowerCase()
    .split(",")
    .map((wish) => wish.trim())
    .filter(Boolean);
  const fits = (/** @type {string} */ wish) => {
    if (EVERYTHING.includes(wish)) return true;
    if (wish.startsWith(".")) return name.toLowerCase().endsWith(wish);
    if (wish.endsWith("/*")) return type.toLowerCase().startsWith(wish.slice(0, -1));
    return type.toLowerCase() === wish;
  };
  return !wishes.length || wishes.some(fits);
}
