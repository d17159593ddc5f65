// Reads one part and hashes it, away from the page's thread. One part at a time is in memory.

self.onmessage = async ({ data: { id, part } }) => {
  try {
    const bytes = await part.arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    self.postMessage({ id, digest });
  } catch (error) {
    self.postMessage({ id, error: error instanceof Error ? error.name : "Error" });
  }
};
