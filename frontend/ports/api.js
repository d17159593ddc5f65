// The API: one call for each verb; what is unchanged is not fetched again.

/** The service refused; `code` is the protocol's, `message` is for people. */
export class Refused extends Error {
  /** @param {{code: string, message: string, retryable: boolean}} body */
  constructor(body) {
    super(body.message);
    this.code = body.code;
    this.retryable = body.retryable;
  }
}

export class Api {
  #base;
  #session;
  /** @type {Map<string, {etag: string, body: any}>} */ #seen = new Map();

  /** @param {string} base @param {import("./session.js").Session} session */
  constructor(base, session) {
    this.#base = base;
    this.#session = session;
  }

  me() {
    return this.#call("GET", "/me");
  }

  /** @param {string} group */
  uploads(group) {
    return this.#call("GET", `/uploads?group=${encodeURIComponent(group)}`);
  }

  /** @param {string} id */
  upload(id) {
    return this.#call("GET", `/uploads/${encodeURIComponent(id)}`);
  }

  /** @param {string} id @param {"pause" | "resume" | "cancel"} verb */
  move(id, verb) {
    return this.#call("POST", `/uploads/${encodeURIComponent(id)}/${verb}`);
  }

  /** @param {string} id */
  delete(id) {
    return this.#call("DELETE", `/uploads/${encodeURIComponent(id)}`);
  }

  /** @param {string} id */
  download(id) {
    return this.#call("GET", `/uploads/${encodeURIComponent(id)}/download`);
  }

  /** @param {string} method @param {string} path */
  async #call(method, path) {
    const seen = method === "GET" ? this.#seen.get(path) : undefined;
    /** @type {Record<string, string>} */
    const headers = { Authorization: `Bearer ${await this.#session.token()}` };
    if (seen) headers["If-None-Match"] = seen.etag;
    const response = await fetch(`${this.#base}${path}`, { method, headers, cache: "no-store" });
    if (response.status === 304 && seen) return seen.body;
    const body = await response.json();
    if (!response.ok) throw new Refused(body);
    const etag = response.headers.get("ETag");
    if (etag) this.#seen.set(path, { etag, body });
    return body;
  }
}
