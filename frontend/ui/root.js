// The whole page: header, what the address names, what goes over it.

import { html, render, useEffect, useReducer } from "../vendor/preact.js";
import { Banners } from "./banners.js";
import { useDrop } from "./drop.js";
import { Header } from "./header.js";
import { Home } from "./home.js";
import { lazy } from "./lazy.js";
import { Spoken } from "./spoken.js";
import { Welcome } from "./welcome.js";
import { usePageManners } from "./manners.js";

const REDRAW_MS = 200;
const UploadPage = lazy(async () => (await import("./upload-page.js")).UploadPage, {
  style: "styles/board.css",
});
const Dialogs = lazy(async () => (await import("./dialogs.js")).Dialogs, {
  soon: true,
  style: "styles/dialogs.css",
});

/** @param {import("../app/app.js").App} app @param {HTMLElement} root */
export function mount(app, root) {
  render(html`<${Root} app=${app} />`, root);
}

/** @param {{app: import("../app/app.js").App}} props */
function Root({ app }) {
  useRedraw(app);
  usePageManners(app);
  const over = useDrop(app);
  return html`
    <${Header} app=${app} />
    <main id="main" tabindex="-1">
      <${Banners} app=${app} />
      <${View} app=${app} />
    </main>
    ${app.dialog && html`<${Dialogs} app=${app} />`}
    <${Spoken} key=${app.person?.id} app=${app} />
    ${over && html`<div class="drop-over" aria-hidden="true"><p>${over}</p></div>`}
  `;
}

/** @param {{app: import("../app/app.js").App}} props */
function View({ app }) {
  if (!app.person) return html`<${Welcome} app=${app} />`;
  if (app.route) return html`<${UploadPage} key=${app.route} app=${app} />`;
  return html`<${Home} app=${app} />`;
}

/** Draw again when something has changed, a few times a second at the most.
 * @param {import("../app/app.js").App} app */
function useRedraw(app) {
  const [, redraw] = useReducer((/** @type {number} */ n) => n + 1, 0);
  useEffect(() => {
    let timer = 0;
    let last = 0;
    const draw = () => {
      clearTimeout(timer);
      timer = 0;
      last = performance.now();
      redraw(undefined);
    };
    const soon = () =>
      (timer ||= Number(setTimeout(draw, Math.max(0, REDRAW_MS - performance.now() + last))));
    app.addEventListener("changed", soon);
    app.addEventListener("asked", draw);
    const beat = setInterval(() => app.transfers.sending && soon(), 500);
    return () => {
      app.removeEventListener("changed", soon);
      app.removeEventListener("asked", draw);
      clearInterval(beat);
    };
  }, [app]);
}
