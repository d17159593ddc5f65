// The second root: <manyhands-upload>, the uploader for pages of others. docs/element.md describes it.
//
// Everything below ui is the page's own; here it is put together without the page's address bar, its
// lists and its dialogs. Several elements of one document share what there need be only one of. Where
// there is no document, as on a server that renders pages, nothing is defined.

import { Account } from "./app/account.js";
import { Transfers } from "./app/transfers.js";
import { Desk } from "./element/desk.js";
import { ManyhandsUpload } from "./element/element.js";
import { GivenSession } from "./element/given-session.js";
import { OwnStore } from "./element/own-store.js";
import { configOf } from "./element/service.js";
import { SpeedLimit } from "./engine/speed-limit.js";
import { WorkerAlarm } from "./ports/alarm.js";
import { Api } from "./ports/api.js";
import { Hasher, isReadable } from "./ports/hasher.js";
import { Line } from "./ports/line.js";
import { clientOf, take } from "./ports/locks.js";
import { put } from "./ports/put.js";
import { Session } from "./ports/session.js";
import { labelOfThisBrowser } from "./ports/settings.js";
import { Store } from "./ports/store.js";

const AT_ONCE = 1;

/** @type {{alarm: WorkerAlarm, hasher: Hasher, store: Store} | undefined} */ let once;

/** @param {import("./element/element.js").Wish} wish @returns {Promise<Desk>} */
async function open({ service, name, getToken, words, waiting, signal }) {
  once ??= { alarm: new WorkerAlarm(), hasher: new Hasher(), store: new Store() };
  const config = await configOf(service);
  const session = getToken ? new GivenSession(getToken) : await ownSession(config, signal);
  signal.throwIfAborted();
  const probe = () => fetch(`${service}/config.json`, { cache: "no-store", mode: "no-cors" });
  const line = new Line(probe, signal);
  const api = new Api(`${service}/api`, session);
  const account = new Account({ session: /** @type {Session} */ (session), api, line });
  const transfers = new Transfers({
    ...once,
    store: new OwnStore(once.store, name),
    api,
    line,
    put,
    take,
    isReadable,
    clock: () => performance.now() / 1000,
    limit: new SpeedLimit(),
    signIn: account,
    signedOut: () => account.ended(),
    limits: async () => (await account.isMet()).limits,
    label: () => labelOfThisBrowser(),
    places: () => AT_ONCE,
    client: (id) => clientOf(id, () => crypto.randomUUID()),
    newId: () => crypto.randomUUID(),
  });
  return new Desk({ account, line, transfers, words, waiting, signal });
}

/** The pool's sign-in, which comes back to this very page.
 * @param {import("./element/service.js").Config} config @param {AbortSignal} signal */
async function ownSession(config, signal) {
  const session = new Session(config, `${location.origin}${location.pathname}`, signal);
  await session.begin();
  return session;
}

ManyhandsUpload.open = open;
globalThis.customElements?.define("manyhands-upload", ManyhandsUpload);
