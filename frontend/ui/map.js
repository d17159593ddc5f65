// The map of the parts, on a canvas: ten thousand elements would cost a whole core, this costs little.
//
// A full cell is stored, a pale one on its way, an outlined one twice on its way, a dot is open; the
// colour is the device's. Where cells are large enough they bear the device's letter as well.

import { hue, letter } from "../core/board.js";

const LETTER_FROM = 14;

/** @param {HTMLCanvasElement} canvas @param {import("../core/board.js").Cell[]} cells */
export function draw(canvas, cells) {
  const width = canvas.clientWidth || 320;
  const edge = edgeOf(cells.length, width);
  const columns = Math.max(1, Math.floor(width / edge));
  const scale = window.devicePixelRatio || 1;
  const height = Math.ceil(cells.length / columns) * edge;
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.scale(scale, scale);
  cells.forEach((cell, i) => {
    const x = (i % columns) * edge;
    const y = Math.floor(i / columns) * edge;
    drawCell(pen, cell, x, y, edge, getComputedStyle(canvas).color);
  });
}

/** The cell's edge in pixels: as large as fits into about 260 rows of pixels, 4 to 22.
 * @param {number} count @param {number} width */
export function edgeOf(count, width) {
  const fitting = Math.floor(Math.sqrt((width * 260) / Math.max(1, count)));
  return Math.min(22, Math.max(4, fitting));
}

/** @param {CanvasRenderingContext2D} pen @param {import("../core/board.js").Cell} cell
 *  @param {number} x @param {number} y @param {number} edge @param {string} ink */
function drawCell(pen, cell, x, y, edge, ink) {
  const inner = Math.max(2, edge - (edge > 8 ? 3 : 1));
  if (cell.state === "open") {
    pen.globalAlpha = 0.35;
    pen.fillStyle = ink;
    pen.fillRect(x + edge / 2 - 1, y + edge / 2 - 1, 2, 2);
    pen.globalAlpha = 1;
    return;
  }
  const colour = `hsl(${hue(cell.number)} 70% 42%)`;
  pen.fillStyle = colour;
  pen.globalAlpha = cell.state === "done" ? 1 : 0.35;
  pen.fillRect(x, y, inner, inner);
  pen.globalAlpha = 1;
  if (cell.state === "rescued") outline(pen, colour, x, y, inner);
  if (edge >= LETTER_FROM) write(pen, letter(cell.number), cell.state === "done" ? "#fff" : ink, x, y, inner);
}

/** @param {CanvasRenderingContext2D} pen @param {string} colour @param {number} x @param {number} y
 *  @param {number} inner */
function outline(pen, colour, x, y, inner) {
  pen.strokeStyle = colour;
  pen.lineWidth = 2;
  pen.strokeRect(x + 1, y + 1, inner - 2, inner - 2);
}

/** @param {CanvasRenderingContext2D} pen @param {string} text @param {string} ink
 *  @param {number} x @param {number} y @param {number} inner */
function write(pen, text, ink, x, y, inner) {
  pen.fillStyle = ink;
  pen.font = `${Math.round(inner * 0.62)}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(text, x + inner / 2, y + inner / 2 + 1);
}
