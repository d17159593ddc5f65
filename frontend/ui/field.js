import { html } from "../vendor/preact.js";

/** A control with its name before it, and a hint below it. `children` is a function of the control's
 * id and of the hint's.
 * @param {{id: string, label: string, hint?: string, inline?: boolean,
 *   children: (attributes: {id: string, "aria-describedby"?: string}) => unknown}} props */
export function Field({ id, label, hint, inline = false, children }) {
  const described = hint ? { "aria-describedby": `${id}-hint` } : {};
  return html`
    <div class=${inline ? "field inline" : "field"}>
      <label for=${id}>${label}</label>
      ${children({ id, ...described })}
      ${hint && html`<small id=${`${id}-hint`} class="faint">${hint}</small>`}
    </div>
  `;
}
