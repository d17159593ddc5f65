// One PUT of one part to the storage, by XMLHttpRequest, because fetch does not tell how much has
// left. It is given up when nothing has moved for a while: after a change of network a connection
// hangs without an error.

const STALL_MS = 15_000;
const ANSWER_MS = 60_000; // the storage may take its time once it has everything

/** @typedef {{kind: "sent"} | {kind: "failed", why: import("../engine/puts.js").Failure, detail: string}
 *    | {kind: "wrong_bytes"}} Outcome */

/**
 * @param {import("../engine/wire.js").Ticket} ticket @param {Blob} body exactly the part's bytes
 * @param {{signal: AbortSignal, moved: (bytes: number) => void, stallMs?: number}} options
 *   `moved`: so many more bytes have left
 * @returns {Promise<Outcome>} never rejects
 */
export function put(ticket, body, { signal, moved, stallMs = STALL_MS }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let left = 0;
    let stalled = false;
    const watch = new Watch(() => {
      stalled = true;
      request.abort();
    });
    const stop = () => request.abort();
    request.upload.onprogress = ({ loaded }) => {
      moved(loaded - left);
      left = loaded;
      watch.again(loaded < ticket.length ? stallMs : ANSWER_MS);
    };
    request.onload = () => resolve(meaning(request));
    request.onerror = () => resolve(failed("line", ""));
    request.onabort = () => resolve(stalled ? failed("line", "stalled") : failed("stopped", ""));
    request.onloadend = () => {
      watch.end();
      signal.removeEventListener("abort", stop);
    };
    signal.addEventListener("abort", stop);
    request.open("PUT", ticket.url);
    for (const [name, value] of Object.entries(ticket.headers)) request.setRequestHeader(name, value);
    watch.again(stallMs);
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
