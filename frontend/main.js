// Everything is put together here and nowhere else: ports, engine, views.

import { Account } from "./app/account.js";
import { App } from "./app/app.js";
import { Looking } from "./app/looking.js";
import { Transfers } from "./app/transfers.js";
import { SpeedLimit } from "./engine/speed-limit.js";
import { WorkerAlarm } from "./ports/alarm.js";
import { Api } from "./ports/api.js";
import { Hasher, isReadable } from "./ports/hasher.js";
import { Line } from "./ports/line.js";
import { clientOf, take } from "./ports/locks.js";
import { put } from "./ports/put.js";
import { Session } from "./ports/session.js";
import { withoutSubtle } from "./ports/sha256.js";
import { load, save } from "./ports/settings.js";
import { Store } from "./ports/store.js";
import { wordsFor } from "./texts/index.js";
import { mount } from "./ui/root.js";

const root = /** @type {HTMLElement} */ (document.getElementById("root"));
withoutSubtle();
const config = await (await fetch("config.json")).json();
const session = new Session(config);

if (await session.begin()) {
  const asked = new URLSearchParams(location.search).has("sign-in");
  if (asked) history.replaceState(null, "", location.pathname + location.hash);
  if (asked && !session.person) await session.signIn();
  else await open();
}

async function open() {
  const settings = load();
  const words = await wordsFor(settings.language);
  const limit = new SpeedLimit();
  limit.set(settings.limit);
  const api = new Api(config.api, session);
  const line = new Line(() => fetch("config.json", { cache: "no-store" }));
  const clock = () => performance.now() / 1000;
  const account = new Account({ session, api, line });
  const signedOut = () => account.ended();
  const transfers = new Transfers({
    api,
    line,
    limit,
    alarm: new WorkerAlarm(),
    clock,
    put,
    take,
    isReadable,
    signedOut,
    hasher: new Hasher(),
    store: new Store(),
    signIn: account,
    limits: async () => (await account.isMet()).limits,
    label: () => settings.label,
    places: () => settings.atOnce,
    client: (id) => clientOf(id, randomId),
    newId: randomId,
  });
  const looking = new Looking({ api, clock, line, signedOut });
  const keep = (/** @type {import("./ports/settings.js").Settings} */ changed) => {
    limit.set(changed.limit);
    save(changed);
  };
  const app = new App({ account, api, line, transfers, looking, settings, save: keep, words, wordsFor });
  mount(app, root);
  app.begin();
}

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
