// The start: choose files, see what this device does, see what others do.

import { html } from "../vendor/preact.js";
import { Chooser } from "./chooser.js";
import { lazy } from "./lazy.js";

const TransferCard = lazy(async () => (await import("./transfer-card.js")).TransferCard, { soon: true });
const Uploads = lazy(async () => (await import("./uploads.js")).Uploads, { soon: true });

/** @param {{app: import("../app/app.js").App}} props */
export function Home({ app }) {
  return html`
    <h1 class="unseen">${app.words.texts.title}</h1>
    <${Chooser} app=${app} />
    <${Own} app=${app} />
    <${Uploads} app=${app} />
  `;
}

/** @param {{app: import("../app/app.js").App}} props */
function Own({ app }) {
  const { texts } = app.words;
  const own = app.transfers.list.filter((t) => t.state !== "unauthorized");
  if (!own.length) return null;
  const asks = own.filter((t) => t.verbs.allow);
  const over = own.some((t) => t.verbs.retry || t.state === "complete");
  return html`
    <section aria-labelledby="own">
      <div class="heading">
        <h2 id="own">${texts.here}</h2>
        ${over && html`<button class="quiet" onClick=${() => app.transfers.removeEnded()}>${texts.clearEnded}</button>`}
      </div>
      ${
        asks.length > 1 &&
        html`<p class="banner">
          <span>${texts.resumeAllHint}</span>
          <button class="main" onClick=${() => app.resumeAll()}>${texts.resumeAll}</button>
        </p>`
      }
      <ul class="cards">
        ${own.map((transfer) => html`<${TransferCard} key=${transfer.id} app=${app} transfer=${transfer} />`)}
      </ul>
    </section>
  `;
}
