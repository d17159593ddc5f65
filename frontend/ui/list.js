// The uploads of a group.

import { percent, size } from "../core/format.js";
import { TEXTS } from "../texts.js";
import { make } from "./dom.js";

/** @param {{id: string, name: string, personal: boolean}[]} groups @param {string} chosen
 *  @param {(group: string) => void} choose */
export function groupPicker(groups, chosen, choose) {
  const options = groups.map((g) =>
    make("option", { value: g.id, selected: g.id === chosen }, g.personal ? TEXTS.personal : g.name),
  );
  const select = /** @type {HTMLSelectElement} */ (make("select", {}, ...options));
  select.onchange = () => choose(select.value);
  return make("label", { className: "group" }, TEXTS.group, select);
}

/** @param {any[]} uploads */
export function list(uploads) {
  if (!uploads.length) return make("p", { className: "faint" }, TEXTS.none);
  return make("ul", { className: "uploads" }, ...uploads.map(row));
}

/** @param {any} upload */
function row(upload) {
  const share = upload.size ? upload.bytes_done / upload.size : 1;
  const text = /** @type {Record<string, string>} */ (TEXTS.status)[upload.status];
  return make(
    "li",
    {},
    make(
      "a",
      { href: `#/uploads/${upload.id}`, className: "card" },
      make("strong", {}, upload.name),
      make("span", { className: `status ${upload.status}` }, text),
      make("progress", { max: 1, value: share, "aria-label": upload.name }),
      make("span", { className: "faint" }, `${size(upload.size)} · ${percent(share)} · ${upload.owner}`),
    ),
  );
}

/** @param {string} url */
export function howTo(url) {
  const commands = `manyhands login ${url} --username NAME\nmanyhands upload FILE --group GROUP`;
  return make("section", { className: "faint" }, make("p", {}, TEXTS.howToUpload), make("pre", {}, commands));
}
