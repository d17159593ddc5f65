// One upload: how far it is, its map, its devices, and what can be done with it.

import { cells, hue, letter, verbs } from "../core/board.js";
import { percent, size, span } from "../core/format.js";
import { TEXTS } from "../texts.js";
import { button, make } from "./dom.js";
import { draw } from "./map.js";

/** @typedef {Record<"pause" | "resume" | "cancel" | "delete" | "download", () => void>} Acts */

export class UploadView {
  /** @type {HTMLCanvasElement} */ #map;
  #head = make("div");
  #devices = make("div", { className: "wide" });
  #buttons = make("p", { className: "buttons" });
  /** @type {Acts} */ #acts;
  /** @type {any} */ #shown = null;

  /** @param {Acts} acts */
  constructor(acts) {
    this.#acts = acts;
    this.#map = /** @type {HTMLCanvasElement} */ (
      make("canvas", { className: "map", role: "img", "aria-label": TEXTS.map })
    );
    this.element = make(
      "section",
      {},
      make("p", {}, make("a", { href: "#/" }, `← ${TEXTS.back}`)),
      this.#head,
      this.#buttons,
      this.#map,
      make("p", { className: "faint" }, TEXTS.legend),
      this.#devices,
    );
    window.addEventListener("resize", () => this.#shown && this.#drawMap());
  }

  /** @param {{upload: any, board: any}} answer */
  show(answer) {
    const before = this.#shown?.upload;
    this.#shown = answer;
    const { upload, board } = answer;
    this.#head.replaceChildren(...head(upload));
    if (before?.status !== upload.status || before?.yours !== upload.yours)
      this.#buttons.replaceChildren(...buttons(upload, this.#acts));
    this.#devices.replaceChildren(devices(board.clients, upload.size));
    this.#drawMap();
  }

  #drawMap() {
    draw(this.#map, cells(this.#shown.board));
  }
}

/** @param {any} upload */
function head(upload) {
  const share = upload.size ? upload.bytes_done / upload.size : 1;
  const text = /** @type {Record<string, string>} */ (TEXTS.status)[upload.status];
  const amount = TEXTS.of(size(upload.bytes_done), size(upload.size));
  return [
    make("h1", {}, upload.name),
    make("p", {}, make("span", { className: `status ${upload.status}` }, text), ` ${upload.reason}`),
    make("progress", { max: 1, value: share, "aria-label": upload.name }),
    make("p", { className: "faint" }, `${percent(share)} · ${amount} · ${upload.owner}`),
  ];
}

/** @param {any} upload @param {Acts} acts */
function buttons(upload, acts) {
  const possible = verbs(upload);
  const names = /** @type {(keyof Acts)[]} */ (["download", "pause", "resume", "cancel", "delete"]);
  return names
    .filter((name) => possible[name])
    .map((name) => button(TEXTS[name], acts[name], name === "download" ? "main" : ""));
}

/** @param {import("../core/board.js").Client[]} clients @param {number} whole */
function devices(clients, whole) {
  if (!clients.length) return make("p", { className: "faint" }, TEXTS.noDevices);
  const titles = ["", TEXTS.device, TEXTS.person, TEXTS.parts, TEXTS.brought, TEXTS.share, TEXTS.speed, TEXTS.lastHeard];
  const heading = make("tr", {}, ...titles.map((t) => make("th", { scope: "col" }, t)));
  const rows = clients.map((client) => deviceRow(client, whole));
  return make("table", {}, make("thead", {}, heading), make("tbody", {}, ...rows));
}

/** @param {import("../core/board.js").Client} client @param {number} whole */
function deviceRow(client, whole) {
  const badge = make("span", { className: "badge" }, letter(client.number));
  badge.style.setProperty("--hue", String(hue(client.number)));
  const cells = [
    String(client.parts),
    size(client.bytes),
    percent(whole ? client.bytes / whole : 0),
    client.alive && client.rate ? `${size(client.rate)}/s` : "–",
    TEXTS.ago(span(client.seen_s)),
  ];
  return make(
    "tr",
    { className: client.alive ? "" : "gone" },
    make("td", {}, badge),
    make("th", { scope: "row" }, client.label),
    make("td", {}, client.person),
    ...cells.map((text) => make("td", { className: "number" }, text)),
  );
}
