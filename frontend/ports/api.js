// The API: one method for each call; what is unchanged is not fetched again.
//
// Each call may throw Refused (the service said no), Unreachable (there is no answer), SignedOut.
// A 401 renews the token, once. Whoever calls decides about trying again: see insist.js.

import { createRequest, pageRequest } from "../engine/wire.js";

/** The service refused; `code` is the protocol's. */
export class Refused extends Error {
  /** @param {number} status @param {import("../engine/messages.js").ErrorReply} body @param {number} afterS */
  constructor(status, { code, message, retryable, details }, afterS = 0) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryable = retryable;
    this.details = details ?? {};
    this.afterS = afterS;
  }
}

/** There was no answer; nothing is known of what became of the call. */
export class Unreachable extends Error {}

/** Nobody is signed in, or no longer. */
export class SignedOut extends Error {}

const TIMEOUT_MS = 10_000; // longer after each silence

/** @typedef {import("../engine/messages.js").Upload} Upload
 *  @typedef {{token(): Promise<string>, renewed(refused: string): Promise<string>}} Tokens
 *    both throw SignedOut, Unreachable
 *  @typedef {{signal?: AbortSignal, keepalive?: boolean}} Options */

export class Api {
  #unanswered = 0;
  #base;
  #tokens;
  /** @type {Map<string, {etag: string, body: any}>} */ #seen = new Map();
  #aheadMs = 0;

  /** @param {string} base @param {Tokens} tokens */
  constructor(base, tokens) {
    this.#base = base;
    this.#tokens = tokens;
  }

  /** @param {Options} [options] @returns {Promise<import("../engine/messages.js").MeReply>} */
  me(options) {
    return this.#call("GET", "/me", undefined, options);
  }

  /** @param {Parameters<typeof createRequest>[0]} file @param {Options} [options]
   *  @returns {Promise<import("../engine/messages.js").CreateReply>} */
  create(file, options) {
    return this.#call("POST", "/uploads", createRequest(file), options);
  }

  /** A group's uploads, newest first, one page. @param {string} group @param {string} [cursor]
   *  @param {Options} [options] @returns {Promise<import("../engine/messages.js").ListReply>} */
  uploads(group, cursor, options) {
    const from = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    return this.#call("GET", `/uploads?group=${encodeURIComponent(group)}${from}`, undefined, options);
  }

  /** @param {string} id @param {Options} [options]
   *  @returns {Promise<import("../engine/messages.js").UploadReply>} */
  upload(id, options) {
    return this.#call("GET", `/uploads/${encodeURIComponent(id)}`, undefined, options);
  }

  /** @param {{id: string, generation: number}} upload @param {number} page @param {string[]} digests
   *  @param {Options} [options] @returns {Promise<import("../engine/messages.js").KnownReply>} */
  putPage({ id, generation }, page, digests, options) {
    return this.#call(
      "PUT",
      `/uploads/${encodeURIComponent(id)}/manifest/${page}`,
      pageRequest(digests, generation),
      options,
    );
  }

  /** @param {string} id @param {number} page @param {Options} [options]
   *  @returns {Promise<{digests: string[]}>} */
  page(id, page, options) {
    return this.#call("GET", `/uploads/${encodeURIComponent(id)}/manifest/${page}`, undefined, options);
  }

  /** @param {string} id @param {import("../engine/messages.js").ExchangeRequest} said @param {Options} [options]
   *  @returns {Promise<import("../engine/messages.js").ExchangeReply>} */
  exchange(id, said, options) {
    return this.#call("POST", `/uploads/${encodeURIComponent(id)}/tickets`, said, options);
  }

  /** @param {string} id @param {"pause" | "resume" | "cancel"} verb @param {Options} [options]
   *  @returns {Promise<import("../engine/messages.js").UploadReply>} */
  move(id, verb, options) {
    return this.#call("POST", `/uploads/${encodeURIComponent(id)}/${verb}`, undefined, options);
  }

  /** @param {string} id @param {Options} [options] @returns {Promise<import("../engine/messages.js").UploadReply>} */
  delete(id, options) {
    return this.#call("DELETE", `/uploads/${encodeURIComponent(id)}`, undefined, options);
  }

  /** @param {string} id @param {Options} [options] @returns {Promise<import("../engine/messages.js").DownloadReply>} */
  download(id, options) {
    return this.#call("GET", `/uploads/${encodeURIComponent(id)}/download`, undefined, options);
  }

  /** The service's clock, in ms, as far as its answers tell. */
  now() {
    return Date.now() + this.#aheadMs;
  }

  /** What was fetched belongs to who was signed in. */
  forget() {
    this.#seen.clear();
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @param {Options} [options] */
  async #call(method, path, body, options = {}) {
    const token = await this.#tokens.token();
    let response = await this.#send(method, path, body, token, options);
    if (response.status === 401)
      response = await this.#send(method, path, body, await this.#tokens.renewed(token), options);
    return this.#read(method, path, response);
  }

  /** @param {string} method @param {string} path @param {unknown} body @param {string} token
   *  @param {Options} options */
  async #send(method, path, body, token, { signal, keepalive }) {
    /** @type {Record<string, string>} */
    const headers = { Authorization: `Bearer ${token}`, "Manyhands-Protocol": "1" };
    const etag = method === "GET" ? this.#seen.get(path)?.etag : undefined;
    if (etag) headers["If-None-Match"] = etag;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const limit = AbortSignal.timeout(TIMEOUT_MS * Math.min(4, 2 ** this.#unanswered));
    try {
      const response = await fetch(`${this.#base}${path}`, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        cache: "no-store",
        keepalive,
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
      const date = Date.parse(response.headers.get("Date") ?? "");
      if (date) this.#aheadMs = date - Date.now();
      this.#unanswered = 0;
      return response;
    } catch (error) {
      signal?.throwIfAborted();
      this.#unanswered += Number(limit.aborted);
      throw new Unreachable("no answer", { cause: error });
    }
  }

  /** @param {string} method @param {string} path @param {Response} response */
  async #read(method, path, response) {
    const seen = this.#seen.get(path);
    if (response.status === 304 && seen) return seen.body;
    const body = await json(response);
    if (!response.ok) throw refusal(response, body);
    if (body === undefined) throw new Unreachable("an answer that is not the service's");
    const etag = response.headers.get("ETag");
    if (method === "GET" && etag) this.#seen.set(path, { etag, body });
    return body;
  }
}

/** @param {Response} response @returns {Promise<any>} undefined if it is no JSON, as from a proxy */
async function json(response) {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/** @param {Response} response @param {any} body */
function refusal(response, body) {
  if (response.status === 401) return new SignedOut("the service does not take the sign-in");
  const afterS = Number(response.headers.get("Retry-After")) || 0;
  if (body?.code) return new Refused(response.status, body, afterS);
  const [code, retryable] = bare(response.status);
  const message = `The service answered with status ${response.status}.`;
  return new Refused(response.status, { code, message, retryable, details: {} }, afterS);
}

/** What an answer without a body of ours means: something on the way gave it.
 * @param {number} status @returns {[string, boolean]} its code, and whether it may be better later */
function bare(status) {
  if (status === 429) return ["too_many_requests", true];
  return status >= 500 ? ["unavailable", true] : ["bad_request", false];
}
