// One PUT of one part to the storage, by XMLHttpRequest, because fetch does not tell how much has
// left. It is given up when nothing has moved for a while: after a change of network a connection
// hangs without an error.
//
// What the system has taken counts as sent; how long it travels follows from how long the taking
// lasted. A proxy may take a part at once and pass it on slowly, so each silence makes the next wait
// longer.

const STALL_MS = 15_000;
const ANSWER_MS = 20_000;
const LONGEST_MS = 300_000;
const ON_THE_WAY = 6; // times as long, because a system keeps up to 4 MB

/** @typedef {{kind: "sent"} | {kind: "failed", why: import("../engine/puts.js").Failure, detail: string}
 *    | {kind: "wrong_bytes"}} Outcome */

export class Patience {
  #factor = 1;
  #grewAt = -Infinity;

  /** @param {number} takenMs for all bytes */
  answerMs(takenMs) {
    return Math.min(LONGEST_MS, Math.max(ANSWER_MS, takenMs * ON_THE_WAY) * this.#factor);
  }

  /** Several PUTs may end at one silence. @param {number} now */
  wasShort(now) {
    if (now - this.#grewAt < ANSWER_MS) return;
    this.#grewAt = now;
    this.#factor = Math.min(8, this.#factor * 2);
  }

  /** @param {number} waitedMs for an answer that came */
  wasEnough(waitedMs) {
    this.#factor = Math.min(this.#factor, Math.max(1, (waitedMs * 1.5) / ANSWER_MS));
  }
}

const patience = new Patience();

/**
 * @param {import("../engine/messages.js").Ticket} ticket @param {Blob} body exactly the part's bytes
 * @param {{signal: AbortSignal, moved: (bytes: number) => void}} options
 *   `moved`: so many more bytes have left
 * @returns {Promise<Outcome>} never rejects
 */
export function put(ticket, body, { signal, moved }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const began = performance.now();
    let left = 0;
    let takenAt = began;
    let stalled = false;
    const watch = new Watch(() => {
      stalled = true;
      if (left === ticket.length) patience.wasShort(performance.now());
      request.abort();
    });
    const stop = () => request.abort();
    request.upload.onprogress = ({ loaded }) => {
      moved(loaded - left);
      left = loaded;
      takenAt = performance.now();
      watch.again(loaded < ticket.length ? STALL_MS : patience.answerMs(takenAt - began));
    };
    request.onload = () => {
      patience.wasEnough(performance.now() - takenAt);
      resolve(meaning(request));
    };
    request.onerror = () => resolve(failed("line", ""));
    request.onabort = () => resolve(stalled ? failed("line", "stalled") : failed("stopped", ""));
    request.onloadend = () => {
      watch.end();
      signal.removeEventListener("abort", stop);
    };
    signal.addEventListener("abort", stop);
    request.open("PUT", ticket.url);
    for (const [name, value] of Object.entries(ticket.headers)) request.setRequestHeader(name, value);
    watch.again(STALL_MS);
    request.send(body);
    if (signal.aborted) stop();
  });
}

class Watch {
  #bark;
  #timer = 0;

  /** @param {() => void} bark */
  constructor(bark) {
    this.#bark = bark;
  }

  /** @param {number} ms */
  again(ms) {
    clearTimeout(this.#timer);
    this.#timer = Number(setTimeout(this.#bark, ms));
  }

  end() {
    clearTimeout(this.#timer);
  }
}

/** @param {import("../engine/puts.js").Failure} why @param {string} detail @returns {Outcome} */
function failed(why, detail) {
  return { kind: "failed", why, detail };
}

/** @param {XMLHttpRequest} request @returns {Outcome} */
function meaning(request) {
  if (request.status === 200) return { kind: "sent" };
  const code = /<Code>([A-Za-z]{1,64})<\/Code>/.exec(request.responseText)?.[1] ?? "";
  if (code === "BadDigest" || code === "XAmzContentChecksumMismatch") return { kind: "wrong_bytes" };
  return failed(request.status === 403 ? "expired" : "refused", `${request.status} ${code}`.trim());
}
