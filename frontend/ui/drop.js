// Dropping and pasting files, anywhere on the page.

import { useEffect, useState } from "../vendor/preact.js";

/** @param {import("../app/app.js").App} app @returns {string} what to say while something is dragged
 *  over the page, "" while nothing is */
export function useDrop(app) {
  const [over, setOver] = useState(false);
  useEffect(() => listen(app, setOver), [app]);
  if (!over || !app.me) return "";
  const { texts } = app.words;
  const upload = app.helpable();
  return upload ? texts.dropToHelp(upload.name) : texts.dropNow;
}

/** @param {import("../app/app.js").App} app @param {(over: boolean) => void} setOver */
function listen(app, setOver) {
  const listening = new AbortController();
  const on = (/** @type {string} */ name, /** @type {(event: any) => void} */ act) =>
    addEventListener(name, act, { signal: listening.signal });
  on("dragover", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    setOver(true);
  });
  on("dragleave", (event) => event.relatedTarget || setOver(false));
  on("drop", (event) => {
    setOver(false);
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (app.me) void app.dropped(event.dataTransfer);
  });
  on("paste", (event) => {
    if (app.me && hasFiles(event.clipboardData)) void app.dropped(event.clipboardData);
  });
  return () => listening.abort();
}

/** @param {DataTransfer | null} data */
function hasFiles(data) {
  return Boolean(data?.types.includes("Files"));
}
