// Reads one part and hashes it, away from the page's thread.

import { digestOfPart } from "./sha256.js";

self.onmessage = async ({ data: { id, part } }) => {
  try {
    self.postMessage({ id, digest: await digestOfPart(part) });
  } catch (error) {
    self.postMessage({ id, error: error instanceof Error ? error.name : "Error" });
  }
};
