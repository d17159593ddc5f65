// How a page behaves that has work under way: it stays awake, warns before it is closed, gives its
// tickets back when it is, says in its title how far it is, and leads the focus.

import { useEffect } from "../vendor/preact.js";
import { Wakefulness } from "../ports/wakefulness.js";

/** @typedef {import("../app/app.js").App} App
 *  @typedef {import("../app/steering.js").Steering} Steering */

/** @param {App} app */
export function usePageManners(app) {
  const { texts, format } = app.words;
  useEffect(() => {
    const gone = new AbortController();
    for (const manner of [keepAwake, sayGoodbye, tellWhenStored, leadTheFocus]) manner(app, gone);
    return () => gone.abort();
  }, [app]);
  const active = app.transfers.list.find((t) => t.state === "active");
  document.title = active ? `${format.percent(active.progress().share)} · ${texts.title}` : texts.title;
  document.documentElement.lang = app.words.code;
}

/** @param {Steering} app @param {{signal: AbortSignal}} until */
export function keepAwake(app, { signal }) {
  const wakefulness = new Wakefulness();
  app.addEventListener("changed", () => wakefulness.want(app.transfers.sending), { signal });
  signal.addEventListener("abort", () => wakefulness.want(false));
}

/** Browsers keep a page that was left, and may show it again as it was.
 * @param {Steering} app @param {{signal: AbortSignal}} until */
export function sayGoodbye({ transfers }, { signal }) {
  addEventListener("beforeunload", (event) => transfers.sending && event.preventDefault(), { signal });
  addEventListener("pagehide", () => transfers.leave(), { signal });
  addEventListener("pageshow", ({ persisted }) => persisted && transfers.comeBack(), { signal });
}

/** @param {App} app @param {{signal: AbortSignal}} until */
function tellWhenStored(app, { signal }) {
  const tell = async (/** @type {Event} */ event) => {
    const { transfer, state } = /** @type {CustomEvent} */ (event).detail;
    if (state !== "complete" || !app.settings.notify) return;
    const { texts, format } = app.words;
    const { name, size, upload } = transfer.kept;
    const open = () => (location.hash = `#/uploads/${upload}`);
    const { show } = await import("../ports/notices.js");
    show(texts.storedNotice(name), texts.storedNoticeText(format.size(size)), open);
  };
  app.transfers.addEventListener("moved", tell, { signal });
}

/** Another address is another page: who reads by keyboard or ear begins at its top.
 * @param {App} _ @param {{signal: AbortSignal}} until */
function leadTheFocus(_, { signal }) {
  addEventListener("hashchange", () => document.getElementById("main")?.focus(), { signal });
}
