// The page: what the address says is shown, and looked at again as often as makes sense.
//
// Everything is put together here and nowhere else: the session, the API, the views.

import { lookAgain } from "./core/board.js";
import { Api, Refused } from "./ports/api.js";
import { Session, SignInError } from "./ports/session.js";
import { TEXTS } from "./texts.js";
import { button, make } from "./ui/dom.js";
import { groupPicker, howTo, list } from "./ui/list.js";
import { signIn } from "./ui/sign-in.js";
import { UploadView } from "./ui/upload.js";

const LIST_S = 4;
const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const who = /** @type {HTMLElement} */ (document.getElementById("who"));
const spoken = /** @type {HTMLElement} */ (document.getElementById("spoken"));
const trouble = make("p", { role: "alert", className: "trouble" });

const config = await (await fetch("config.json")).json();
const session = new Session(config);
const api = new Api(config.api, session);
/** @type {AbortController} */ let showing = new AbortController();
let group = "";
let me = /** @type {any} */ (null);

window.addEventListener("hashchange", show);
document.addEventListener("visibilitychange", () => document.hidden || show());
show();

function show() {
  showing.abort();
  showing = new AbortController();
  trouble.textContent = "";
  if (!session.signedIn) return askToSignIn("");
  const upload = /^#\/uploads\/([a-z2-7]+)$/.exec(location.hash)?.[1];
  if (upload) showUpload(upload, showing.signal);
  else showList(showing.signal);
}

/** @param {string} reason */
function askToSignIn(reason) {
  showing.abort();
  session.signOut();
  me = null;
  who.replaceChildren();
  main.replaceChildren(signIn(session, show, reason));
  main.querySelector("input")?.focus();
}

/** Do it now and again, until the signal; `look` answers after how many seconds, 0 for never.
 * @param {AbortSignal} signal @param {() => Promise<number>} look */
async function repeat(signal, look) {
  while (!signal.aborted) {
    const seconds = await attempt(look);
    if (!seconds || signal.aborted) return;
    await new Promise((done) => setTimeout(done, seconds * 1000));
    if (document.hidden) return;
  }
}

/** @param {() => Promise<number>} look */
async function attempt(look) {
  try {
    await greet();
    const seconds = await look();
    trouble.textContent = "";
    return seconds;
  } catch (error) {
    return explain(error);
  }
}

/** @param {unknown} error @returns {number} seconds after which to try again */
function explain(error) {
  const signedOut = error instanceof SignInError || (error instanceof Refused && error.code.startsWith("token_"));
  if (signedOut) {
    askToSignIn(TEXTS.signedOut);
    return 0;
  }
  trouble.textContent = error instanceof Refused ? error.message : TEXTS.offline;
  return error instanceof Refused && !error.retryable ? 0 : 3;
}

async function greet() {
  if (me) return;
  me = await api.me();
  group ||= me.groups.at(-1).id;
  who.replaceChildren(me.user.name, button(TEXTS.signOut, () => askToSignIn("")));
}

/** @param {AbortSignal} signal */
function showList(signal) {
  const uploads = make("div");
  const picker = make("div");
  const title = make("div", { className: "title" }, make("h1", {}, TEXTS.uploads), picker);
  main.replaceChildren(title, trouble, uploads, howTo(location.origin));
  repeat(signal, async () => {
    if (!picker.hasChildNodes()) picker.replaceChildren(groupPicker(me.groups, group, choose));
    const found = await api.uploads(group);
    if (!signal.aborted) uploads.replaceChildren(list(found.uploads));
    return LIST_S;
  });
}

/** @param {string} chosen */
function choose(chosen) {
  group = chosen;
  show();
}

/** @param {string} id @param {AbortSignal} signal */
function showUpload(id, signal) {
  const act = (/** @type {() => Promise<unknown>} */ call) => () => attempt(async () => (await call(), show(), 0));
  const view = new UploadView({
    pause: act(() => api.move(id, "pause")),
    resume: act(() => api.move(id, "resume")),
    cancel: () => confirm(TEXTS.reallyCancel) && act(() => api.move(id, "cancel"))(),
    delete: () => confirm(TEXTS.reallyDelete) && act(async () => (await api.delete(id), (location.hash = "#/")))(),
    download: () => attempt(async () => (location.assign((await api.download(id)).url), 0)),
  });
  main.replaceChildren(trouble, view.element);
  let said = -1;
  repeat(signal, async () => {
    const answer = await api.upload(id);
    if (!signal.aborted) view.show(answer);
    said = say(answer.upload, said);
    return lookAgain(answer.upload.status);
  });
}

/** Speak every ten percent. @param {any} upload @param {number} said */
function say(upload, said) {
  const tenth = upload.size ? Math.floor((10 * upload.bytes_done) / upload.size) : 10;
  if (tenth !== said && said >= 0) spoken.textContent = TEXTS.progressSpoken(tenth * 10);
  return tenth;
}
