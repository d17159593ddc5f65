// The map of tickets, on a canvas: ten thousand elements would take a whole core.
//
// Colour and letter say which device; full is stored, pale is on its way, a frame is a rescue.

import { cells, counts, grid, hue, letter, Rescues } from "../engine/board.js";
import { html, useEffect, useMemo, useRef, useState } from "../vendor/preact.js";

const HEIGHT = 340;
const LETTERS_FROM = 16;

/** @typedef {import("../engine/board.js").Cell} Cell */

/** @param {{app: import("../app/app.js").App, upload: import("../engine/messages.js").Upload,
 *   board: import("../engine/messages.js").Board}} props */
export function BoardMap({ app, upload, board }) {
  const { texts } = app.words;
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const rescues = useMemo(() => new Rescues(), []);
  const width = useWidth(canvas);
  const found = useMemo(() => cells(board), [board]);
  rescues.saw(`${upload.id} ${upload.generation}`, found);
  useEffect(() => {
    if (canvas.current && width) draw(canvas.current, found, rescues, width);
  }, [found, width]);
  const { done, held, twice } = counts(found);
  const says = texts.boardSays(done, found.length, held + twice, twice);
  return html`
    <section aria-labelledby="board">
      <h2 id="board">${texts.board}</h2>
      <canvas ref=${canvas} class="map" role="img" aria-label=${says}></canvas>
      <p class="legend faint">
        <span>${says}</span>
        <span><i class="key done"></i>${texts.legendDone}</span>
        <span><i class="key held"></i>${texts.legendHeld}</span>
        <span
          ><i class="key twice"></i>${texts.legendTwice}${rescues.count > 0 && ` (${rescues.count})`}</span
        >
        <span><i class="key open"></i>${texts.legendOpen}</span>
      </p>
    </section>
  `;
}

/** The width that the page gives it. @param {{current: HTMLCanvasElement | null}} canvas */
function useWidth(canvas) {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const parent = canvas.current?.parentElement;
    if (!parent) return undefined;
    const watching = new ResizeObserver(() => setWidth(parent.clientWidth));
    watching.observe(parent);
    return () => watching.disconnect();
  }, []);
  return width;
}

/** @param {HTMLCanvasElement} canvas @param {Cell[]} found @param {Rescues} rescues @param {number} width */
function draw(canvas, found, rescues, width) {
  const { size, columns, rows } = grid(found.length, width, HEIGHT);
  const sharp = devicePixelRatio || 1;
  canvas.width = Math.round(width * sharp);
  canvas.height = Math.round(rows * size * sharp);
  canvas.style.height = `${rows * size}px`;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.scale(sharp, sharp);
  pen.font = `600 ${Math.floor(size * 0.5)}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const ink = getComputedStyle(canvas).color;
  found.forEach((cell, index) => {
    const [x, y] = [(index % columns) * size, Math.floor(index / columns) * size];
    one(pen, cell, rescues.has(index), x, y, size, ink);
  });
}

/** @param {CanvasRenderingContext2D} pen @param {Cell} cell @param {boolean} rescued
 *  @param {number} x @param {number} y @param {number} size @param {string} ink */
function one(pen, { state, number }, rescued, x, y, size, ink) {
  const gap = size > 5 ? 2 : size > 3 ? 1 : 0;
  const side = size - gap;
  const colour = `hsl(${hue(number)} 62% 42%)`;
  pen.globalAlpha = state === "open" ? 0.14 : state === "done" ? 1 : 0.42;
  pen.fillStyle = state === "open" ? ink : colour;
  pen.beginPath();
  pen.roundRect(x, y, side, side, size > 8 ? 3 : 0);
  pen.fill();
  pen.globalAlpha = 1;
  if (state === "twice" || rescued) {
    pen.strokeStyle = ink;
    pen.lineWidth = 1.5;
    pen.strokeRect(x + 1.5, y + 1.5, side - 3, side - 3);
  }
  if (size < LETTERS_FROM || state === "open") return;
  pen.fillStyle = state === "done" ? "#fff" : ink;
  pen.fillText(letter(number), x + side / 2, y + side / 2 + 0.5);
}
