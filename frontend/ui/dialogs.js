// What is asked or shown over the page; the browser's own <dialog> keeps the focus within.

import { html, useEffect, useRef } from "../vendor/preact.js";
import { lazy } from "./lazy.js";

const Invite = lazy(async () => (await import("./invite.js")).Invite);
const SettingsForm = lazy(async () => (await import("./settings-form.js")).SettingsForm);

/** @param {{app: import("../app/app.js").App}} props */
export function Dialogs({ app }) {
  const { dialog } = app;
  if (!dialog) return null;
  const close = () => app.show(undefined);
  if (dialog.kind === "settings")
    return html`<${Modal} title=${app.words.texts.settings} close=${close}
      ><${SettingsForm} app=${app} close=${close}
    /><//>`;
  if (dialog.kind === "share")
    return html`<${Modal} title=${app.words.texts.inviteTitle} close=${close}
      ><${Invite} app=${app} upload=${dialog.upload} close=${close}
    /><//>`;
  return html`<${Modal} title="" label=${dialog.text} close=${close}
    ><${Confirm} dialog=${dialog} close=${close}
  /><//>`;
}

/** @param {{title: string, label?: string, close: () => void, children?: any}} props */
function Modal({ title, label, close, children }) {
  const ref = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    ref.current?.showModal();
  }, []);
  const outside = (/** @type {MouseEvent} */ event) => event.target === ref.current && close();
  return html`
    <dialog ref=${ref} aria-label=${title || label} onCancel=${close} onClose=${close} onMouseDown=${outside}>
      <div class="inside">${title && html`<h2>${title}</h2>`} ${children}</div>
    </dialog>
  `;
}

/** @param {{dialog: Extract<import("../app/app.js").Dialog, {kind: "confirm"}>, close: () => void}} props */
function Confirm({ dialog, close }) {
  const act = () => {
    close();
    void dialog.act();
  };
  return html`
    <p>${dialog.text}</p>
    <div class="buttons">
      <button class="danger" onClick=${act}>${dialog.yes}</button>
      <button autofocus onClick=${close}>${dialog.no}</button>
    </div>
  `;
}
