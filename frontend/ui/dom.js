// Making elements. Text only ever becomes text, because names and labels come from other people.

/**
 * @param {string} tag
 * @param {Record<string, any>} [properties] set as properties; `class` and `aria-*` as attributes
 * @param {...(Node | string)} children
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) /** @type {any} */ (element)[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** @param {string} label @param {() => void} act */
export function button(label, act, kind = "") {
  return make("button", { type: "button", className: kind, onclick: act }, label);
}
