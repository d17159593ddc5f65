// How a page behaves that has work under way: it stays awake, warns before it is closed, gives its
// tickets back when it is, says in its title how far it is, and leads the focus.

import { useEffect } from "../vendor/preact.js";
import { show } from "../ports/notices.js";
import { Wakefulness } from "../ports/wakefulness.js";

/** @param {import("../app/app.js").App} app */
export function usePageManners(app) {
  const { texts, format } = app.words;
  useEffect(() => keepAwake(app), [app]);
  useEffect(() => sayGoodbye(app), [app]);
  useEffect(() => tellWhenStored(app), [app]);
  useEffect(() => leadTheFocus(), [app]);
  const active = app.transfers.list.find((t) => t.state === "active");
  document.title = active ? `${format.percent(active.progress().share)} · ${texts.title}` : texts.title;
  document.documentElement.lang = app.words.code;
}

/** @param {import("../app/app.js").App} app */
function keepAwake(app) {
  const wakefulness = new Wakefulness();
  const settle = () => wakefulness.want(app.transfers.sending);
  app.addEventListener("changed", settle);
  return () => app.removeEventListener("changed", settle);
}

/** @param {import("../app/app.js").App} app */
function sayGoodbye(app) {
  const warn = (/** @type {BeforeUnloadEvent} */ event) => app.transfers.sending && event.preventDefault();
  const leave = () => app.transfers.leave();
  addEventListener("beforeunload", warn);
  addEventListener("pagehide", leave);
  return () => {
    removeEventListener("beforeunload", warn);
    removeEventListener("pagehide", leave);
  };
}

/** @param {import("../app/app.js").App} app */
function tellWhenStored(app) {
  const tell = (/** @type {Event} */ event) => {
    const { transfer, state } = /** @type {CustomEvent} */ (event).detail;
    if (state !== "complete" || !app.settings.notify) return;
    const { texts, format } = app.words;
    const { name, size, upload } = transfer.kept;
    const open = () => (location.hash = `#/uploads/${upload}`);
    show(texts.storedNotice(name), texts.storedNoticeText(format.size(size)), open);
  };
  app.transfers.addEventListener("moved", tell);
  return () => app.transfers.removeEventListener("moved", tell);
}

/** Another address is another page: who reads by keyboard or ear begins at its top. */
function leadTheFocus() {
  const lead = () => document.getElementById("main")?.focus();
  addEventListener("hashchange", lead);
  return () => removeEventListener("hashchange", lead);
}
