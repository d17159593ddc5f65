import { html } from "../vendor/preact.js";
import { Icon } from "./icons.js";

/** @param {{app: import("../app/app.js").App}} props */
export function Header({ app }) {
  const { texts } = app.words;
  return html`
    <header>
      <a href="#/" class="brand"><img src="icon.svg" alt="" width="26" height="26" />${texts.title}</a>
      ${app.person && html`<${Who} app=${app} name=${app.person.name} />`}
    </header>
  `;
}

/** @param {{app: import("../app/app.js").App, name: string}} props */
function Who({ app, name }) {
  const { texts } = app.words;
  return html`
    <div class="who">
      <span class="faint person" title=${texts.signedInAs(name)}>${name}</span>
      <button
        class="quiet"
        aria-label=${texts.settings}
        title=${texts.settings}
        onClick=${() => app.show({ kind: "settings" })}
      >
        <${Icon} name="settings" />
      </button>
      <button class="quiet" onClick=${() => app.signOut()}>${texts.signOut}</button>
    </div>
  `;
}
