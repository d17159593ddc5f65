// The sign-in form.

import { SignInError } from "../ports/session.js";
import { TEXTS } from "../texts.js";
import { make } from "./dom.js";

/** @param {import("../ports/session.js").Session} session @param {() => void} entered
 *  @param {string} reason why one has to sign in, "" for no reason */
export function signIn(session, entered, reason) {
  const name = field("username", TEXTS.userName, "text");
  const password = field("current-password", TEXTS.password, "password");
  const trouble = make("p", { role: "alert" }, reason);
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    trouble.textContent = "";
    try {
      await session.signIn(name.value, password.value);
      entered();
    } catch (error) {
      trouble.textContent = explain(error);
    }
  };
  const go = make("button", { type: "submit", className: "main" }, TEXTS.signIn);
  return make(
    "form",
    { onsubmit: submit, className: "card narrow" },
    make("h1", {}, TEXTS.signIn),
    name.parentElement ?? name,
    password.parentElement ?? password,
    trouble,
    go,
  );
}

/** @param {unknown} error */
function explain(error) {
  if (!(error instanceof SignInError)) return TEXTS.offline;
  return error.code === "NEW_PASSWORD_REQUIRED" ? TEXTS.needsNewPassword : TEXTS.wrongPassword;
}

/** @param {string} autocomplete @param {string} label @param {string} type */
function field(autocomplete, label, type) {
  const input = /** @type {HTMLInputElement} */ (
    make("input", { type, autocomplete, required: true, name: autocomplete })
  );
  make("label", {}, label, input);
  return input;
}
