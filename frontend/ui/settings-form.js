import { html, useState } from "../vendor/preact.js";
import { Field } from "./field.js";
import { LANGUAGES } from "../texts/index.js";

const MEGABYTE = 1_000_000;
const MOST_AT_ONCE = 4;
const MOST_MEGABYTES = 10_000;

/** Every change counts at once. What is being typed is left alone (`defaultValue`), whatever else is
 * drawn meanwhile. @param {{app: import("../app/app.js").App, close: () => void}} props */
export function SettingsForm({ app, close }) {
  const { texts } = app.words;
  const { settings } = app;
  const [denied, setDenied] = useState(false);
  const on = (/** @type {(value: string) => void} */ act) => (/** @type {any} */ event) =>
    act(event.target.value);
  const limit = (/** @type {any} */ { target }) => {
    const megabytes = Math.min(MOST_MEGABYTES, Math.max(0, Number(target.value) || 0));
    target.value = megabytes || "";
    app.change({ limit: megabytes * MEGABYTE });
  };
  const atOnce = (/** @type {any} */ { target }) => {
    target.value = between(Number(target.value));
    app.change({ atOnce: Number(target.value) });
  };
  const label = (/** @type {string} */ text) => text.trim() && app.change({ label: text.trim() });
  const notify = async (/** @type {any} */ event) => setDenied(!(await app.notify(event.target.checked)));
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    close();
  };
  return html`
    <form class="settings" novalidate onSubmit=${submit}>
      <${Field} id="set-label" label=${texts.label} hint=${texts.labelHint}>
        ${(/** @type {object} */ its) => html`<input ...${its} defaultValue=${settings.label} maxlength="64" onChange=${on(label)} />`}
      <//>
      <${Field} id="set-limit" label=${texts.limit} hint=${texts.limitHint}>
        ${(/** @type {object} */ its) => html`<input ...${its} type="number" min="0" step="any" defaultValue=${settings.limit ? settings.limit / MEGABYTE : ""} onChange=${limit} />`}
      <//>
      <${Field} id="set-at-once" label=${texts.atOnce} hint=${texts.atOnceHint(MOST_AT_ONCE)}>
        ${(/** @type {object} */ its) => html`<input ...${its} type="number" min="1" max=${MOST_AT_ONCE} defaultValue=${settings.atOnce} onChange=${atOnce} />`}
      <//>
      <${Field} id="set-language" label=${texts.languageName}>
        ${(/** @type {object} */ its) =>
          html`<select
            ...${its}
            value=${settings.language}
            onChange=${on((language) => app.change({ language }))}
          >
            <option value="">${texts.browsersLanguage}</option>
            ${Object.entries(LANGUAGES).map(([code, { name }]) => html`<option key=${code} value=${code} lang=${code}>${name}</option>`)}
          </select>`}
      <//>
      <label class="check">
        <input type="checkbox" checked=${settings.notify} onChange=${notify} />
        <span>${texts.notify}</span>
      </label>
      ${denied && html`<p class="bad" role="alert">${texts.notifyDenied}</p>`}
      <div class="buttons"><button class="main">${texts.close}</button></div>
    </form>
  `;
}

/** @param {number} n */
function between(n) {
  return Math.min(MOST_AT_ONCE, Math.max(1, Math.round(n) || 1));
}
