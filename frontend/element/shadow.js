// What the element is drawn in: a shadow root with its own styles, and nothing inline.

const SHEETS = ["../styles/base.css", "../styles/controls.css", "../styles/cards.css", "./element.css"];

/** Where to draw. @param {ShadowRoot} shadow */
export async function rooted(shadow) {
  await Promise.all(SHEETS.map((path) => sheet(shadow, path)));
  const root = document.createElement("div");
  shadow.append(root);
  return root;
}

/** Resolves when it is there, or is not to be had: what has no style can still be read.
 * @param {ShadowRoot} shadow @param {string} path */
function sheet(shadow, path) {
  const href = new URL(path, import.meta.url).href;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  const done = new Promise((loaded) => (link.onload = link.onerror = loaded));
  shadow.append(link);
  return done;
}
