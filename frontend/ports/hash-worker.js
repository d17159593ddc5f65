// Reads one part and hashes it, away from the page's thread.

import { digestOfPart } from "./sha256.js";

self.onmessage = async ({ data: { id, question } }) => {
  try {
    self.postMessage({ id, answer: await digestOfPart(question) });
  } catch (error) {
    self.postMessage({ id, error: error instanceof Error ? error.name : "Error" });
  }
};
