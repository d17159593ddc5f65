// Pictures beside words; none stands for a word alone without a label.

import { html } from "../vendor/preact.js";

/** @type {Record<string, string>} */
const PATHS = {
  settings: "M4 7h10M18 7h2M4 17h4M12 17h8M14 4.5v5M8 14.5v5",
  pause: "M8 5v14M16 5v14",
  play: "M7 4.5v15l12-7.5z",
  up: "M12 19V6M6 11l6-6 6 6",
  down: "M12 5v13M6 13l6 6 6-6",
  close: "M6 6l12 12M18 6L6 18",
  upload: "M12 16V4M7 9l5-5 5 5M4 16v4h16v-4",
  download: "M12 4v12M7 11l5 5 5-5M4 16v4h16v-4",
  device: "M4 5h16v10H4zM9 19h6M12 15v4",
  back: "M14 6l-6 6 6 6",
  hand: "M8 13V6a1.5 1.5 0 013 0v5V4.5a1.5 1.5 0 013 0V11V6a1.5 1.5 0 013 0v8a6 6 0 01-6 6c-3 0-4-1.500-5.500-4.500L4 12.500c1.500-1 3-.5 4 1",
};

/** @param {{name: string}} props */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}
