// A link, and its QR code, that bring another device to the same upload.

import { html, useEffect, useState } from "../vendor/preact.js";

/** @param {{app: import("../app/app.js").App, upload: import("../engine/messages.js").Upload, close: () => void}} props */
export function Invite({ app, upload, close }) {
  const { texts } = app.words;
  const link = `${location.origin}/#/uploads/${upload.id}`;
  const isLoopback = /^(127\.|localhost$|\[::1\]$)/.test(location.hostname);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(link);
    setCopied(true);
  };
  return html`
    <p>${texts.inviteText}</p>
    ${isLoopback && html`<p class="banner warn">${texts.inviteLocal}</p>`}
    <${Code} text=${link} alt=${texts.qrAlt} />
    <p>
      <input
        class="link"
        readonly
        value=${link}
        aria-label=${texts.inviteTitle}
        onFocus=${(/** @type {any} */ e) => e.target.select()}
      />
    </p>
    <div class="buttons">
      ${navigator.clipboard && html`<button class="main" onClick=${copy}>${copied ? texts.copied : texts.copyLink}</button>`}
      <button onClick=${close}>${texts.close}</button>
    </div>
  `;
}

/** @param {{text: string, alt: string}} props */
function Code({ text, alt }) {
  const [code, setCode] = useState(/** @type {{size: number, path: string} | undefined} */ (undefined));
  useEffect(() => {
    import("../vendor/uqr.js").then(({ encode }) => setCode(outline(encode(text))));
  }, [text]);
  if (!code) return html`<div class="qr"></div>`;
  return html`<svg
    class="qr"
    role="img"
    aria-label=${alt}
    viewBox=${`-2 -2 ${code.size + 4} ${code.size + 4}`}
    shape-rendering="crispEdges"
  >
    <path d=${code.path} />
  </svg>`;
}

/** @param {{size: number, data: boolean[][]}} code a square for each dark module */
function outline({ size, data }) {
  const squares = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")));
  return { size, path: squares.join("") };
}
