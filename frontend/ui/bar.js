// Moved, not widened, which would lay out the page.

import { html } from "../vendor/preact.js";

/** @param {{share: number, label: string, kind?: string, text: string}} props `share` of 1 */
export function Bar({ share, label, kind = "", text }) {
  const percent = Math.floor(share * 1000) / 10;
  return html`
    <div
      class=${`bar ${kind}`}
      role="progressbar"
      aria-label=${label}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${percent}
      aria-valuetext=${text}
    >
      <div style=${{ transform: `translateX(${percent - 100}%)` }}></div>
    </div>
  `;
}
