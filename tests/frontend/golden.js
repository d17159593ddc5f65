// The golden messages that the server's tests read too.
import { readFile } from "node:fs/promises";

/** @param {string} name e.g. "exchange_reply" */
export async function golden(name) {
  return JSON.parse(await readFile(new URL(`../wire/${name}.json`, import.meta.url), "utf8"));
}

/** Random numbers that a seed repeats (mulberry32). */
export function seeded(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
