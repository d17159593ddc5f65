// Makes frontend/vendor/ from the packages that package-lock.json pins; `--check` only compares.
//
// The page has no build; what others wrote is bundled once, here, and kept with the source: one
// small file for each purpose, its types beside it, and every licence.

import { build } from "esbuild";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const ROOT = new URL("../", import.meta.url);
const FOLDER = new URL("frontend/vendor/", ROOT);

/** File → [its packages, what it exports, types that the exports lack]. */
const BUNDLES = {
  preact: [
    ["preact", "htm"],
    `import { h } from "preact";
     import htm from "htm";
     export { render } from "preact";
     export { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
     export const html = htm.bind(h);`,
    `import type { VNode } from "preact";
export { render } from "preact";
export { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
export const html: (strings: TemplateStringsArray, ...values: unknown[]) => VNode;
`,
  ],
  idb: [["idb"], `export { openDB } from "idb";`],
  uqr: [["uqr"], `export { encode } from "uqr";`],
  oidc: [
    ["oidc-client-ts", "jwt-decode"],
    `export { ErrorResponse, UserManager, WebStorageStateStore } from "oidc-client-ts";`,
  ],
  sha256: [["@noble/hashes"], `export { sha256 } from "@noble/hashes/sha2.js";`],
};

async function bundled(name, source) {
  const made = await build({
    stdin: { contents: source, resolveDir: ROOT.pathname, sourcefile: `${name}.js` },
    bundle: true,
    format: "esm",
    minify: true,
    target: "es2022",
    legalComments: "none",
    write: false,
  });
  return made.outputFiles[0].text;
}

async function about(name) {
  const folder = new URL(`node_modules/${name}/`, ROOT);
  const { version, license } = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
  const file = (await readdir(folder)).find((f) => /^licen[cs]e/i.test(f));
  const text = await readFile(new URL(file, folder), "utf8");
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

async function made() {
  const files = new Map();
  for (const [name, [, source, types]] of Object.entries(BUNDLES)) {
    files.set(`${name}.js`, await bundled(name, source));
    files.set(`${name}.d.ts`, types ?? `${source.trim()}\n`);
  }
  const packages = [...new Set(Object.values(BUNDLES).flatMap(([names]) => names))].sort();
  const licences = await Promise.all(packages.map(about));
  files.set("LICENSES.txt", licences.join(`\n${"-".repeat(80)}\n\n`));
  return files;
}

async function differences(files) {
  const there = await readdir(FOLDER);
  const other = there.filter((name) => !files.has(name));
  for (const [name, text] of files)
    if (!there.includes(name) || (await readFile(new URL(name, FOLDER), "utf8")) !== text) other.push(name);
  return other;
}

const files = await made();
if (process.argv.includes("--check")) {
  const other = await differences(files);
  if (other.length) {
    console.error(
      `frontend/vendor/ is not what the pinned packages make: ${other.join(", ")}. Run \`make vendor\`.`,
    );
    process.exit(1);
  }
} else {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  for (const [name, text] of files) {
    await writeFile(new URL(name, FOLDER), text);
    if (name.endsWith(".js"))
      console.log(name.padEnd(12), text.length, "bytes,", gzipSync(text).length, "compressed");
  }
}
