import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { labelOfThisBrowser } from "../../frontend/ports/settings.js";
import { LANGUAGES, wordsFor } from "../../frontend/texts/index.js";

const PAGE = new URL("../../frontend/", import.meta.url);

/** Each layer, and what it may import. The composition roots may import everything. */
const MAY = {
  engine: ["engine"],
  ports: ["ports", "engine", "vendor"],
  app: ["app", "ports", "engine", "texts"],
  texts: ["texts"],
  ui: ["ui", "app", "engine", "ports", "texts", "vendor"],
  element: ["element", "ui", "app", "engine", "ports", "texts", "vendor"],
};

async function scripts(folder) {
  const names = await readdir(new URL(`${folder}/`, PAGE), { recursive: true });
  return names.filter((name) => name.endsWith(".js")).map((name) => `${folder}/${name}`);
}

const importsOf = (source) =>
  [...source.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map(([, path]) => path);

test("layers import downwards only, and types are no exception", async () => {
  for (const [layer, allowed] of Object.entries(MAY))
    for (const script of await scripts(layer)) {
      const source = await readFile(new URL(script, PAGE), "utf8");
      const code = source.replaceAll(/\/\*\*[\s\S]*?\*\//g, "");
      for (const path of importsOf(code)) {
        const target = new URL(path, new URL(script, PAGE)).pathname
          .slice(PAGE.pathname.length)
          .split("/")[0];
        assert.ok(allowed.includes(target), `${script} imports ${path}`);
      }
    }
});

/** All that is loaded before anybody clicks: what the page names, following static imports. */
async function firstLoad() {
  const page = await readFile(new URL("index.html", PAGE), "utf8");
  const named = [...page.matchAll(/ (?:href|src)="([^"]+)"/g)].map(([, path]) => path);
  const seen = new Set(["index.html", ...named, "ports/hash-worker.js", "texts/en.js"]);
  for (const script of seen) {
    if (!script.endsWith(".js")) continue;
    const source = await readFile(new URL(script, PAGE), "utf8");
    const found = [...source.matchAll(/(?:^|\n)(?:import|export)[^;]*?from\s*"(\.[^"]+)"/g)].map(
      ([, path]) => path,
    );
    for (const path of found)
      seen.add(new URL(path, new URL(script, PAGE)).pathname.slice(PAGE.pathname.length));
  }
  return seen;
}

test("the first load is under 100 KB, compressed", async () => {
  let total = 0;
  for (const name of await firstLoad()) total += gzipSync(await readFile(new URL(name, PAGE))).length;
  assert.ok(total < 100_000, `${total} bytes`);
  assert.ok(total > 30_000, "all of it was found");
});

test("the page does not load the element that others embed", async () => {
  assert.deepEqual(
    [...(await firstLoad())].filter((name) => name.startsWith("element")),
    [],
  );
});

test("every style sheet is loaded, by the page or by the view that needs it", async () => {
  const sheets = (await readdir(new URL("styles/", PAGE))).map((name) => `styles/${name}`);
  const views = await Promise.all((await scripts("ui")).map((name) => readFile(new URL(name, PAGE), "utf8")));
  const later = views.flatMap((view) => [...view.matchAll(/style: "([^"]+)"/g)].map(([, path]) => path));
  const first = [...(await firstLoad())].filter((name) => name.endsWith(".css"));
  assert.deepEqual([...first, ...later].sort(), sheets.sort());
  assert.ok(later.length > 0);
});

const shape = (value) =>
  typeof value === "object"
    ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, shape(v)]))
    : typeof value;

test("every language has every text", async () => {
  const english = await LANGUAGES.en.load();
  for (const [code, { load }] of Object.entries(LANGUAGES))
    assert.deepEqual(shape(await load()), shape(english), code);
  assert.ok(Object.keys(LANGUAGES).length >= 2);
});

test("no text is left in English by oversight", async () => {
  const flat = (value) => (typeof value === "object" ? Object.values(value).flatMap(flat) : [value]);
  const [english, german] = [flat(await LANGUAGES.en.load()), flat(await LANGUAGES.de.load())];
  const same = english.filter(
    (text, i) => typeof text === "string" && text.length > 12 && text === german[i],
  );
  assert.deepEqual(same, []);
});

test("the language is the wanted one, else the browser's, else English", async () => {
  assert.equal((await wordsFor("de", ["en-GB"])).code, "de");
  assert.equal((await wordsFor("", ["fr-FR", "de-CH"])).code, "de");
  assert.equal((await wordsFor("", ["fr-FR"])).code, "en");
  assert.equal((await wordsFor("xx", [])).code, "en");
});

test("numbers are written as their readers write them", async () => {
  const { format } = await wordsFor("", ["de-DE"]);
  assert.match(format.size(52_428_800), /52,4 MB/);
  assert.match(format.percent(0.577), /57,7/);
  const english = (await wordsFor("", ["en-GB"])).format;
  assert.match(english.size(0), /^0 /);
  assert.match(english.size(999_960), /1 MB/);
  assert.equal(english.percent(0.9999), "99.9%");
  assert.match(english.span(30), /30 seconds/);
  assert.match(english.span(600), /10 minutes/);
  assert.match(english.ago(600), /10/);
});

test("a browser names itself as its user would", () => {
  const named = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Linux",
    "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36":
      "Chrome on Android",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1":
      "Safari on iPhone",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0":
      "Edge on Windows",
    "curl/8": "Browser",
  };
  for (const [agent, label] of Object.entries(named)) assert.equal(labelOfThisBrowser(agent), label);
});
