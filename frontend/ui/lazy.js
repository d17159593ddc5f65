import { html, useEffect, useState } from "../vendor/preact.js";

/** A view whose script, and the style sheet that only it needs, is loaded when it is first shown, or
 * `soon` after the start, while there is a network.
 * @template P @param {() => Promise<(props: P) => unknown>} load
 * @param {{soon?: boolean, style?: string}} [how] @returns {(props: P) => unknown} */
export function lazy(load, { soon, style } = {}) {
  /** @type {((props: P) => unknown) | undefined} */ let loaded;
  /** @type {Promise<unknown> | undefined} */ let loading;
  const begin = async () => {
    if (loaded) return;
    loading ??= Promise.all([load(), style && styled(style)]).then(([view]) => (loaded = view));
    await loading.finally(() => (loading = undefined));
  };
  if (soon) addEventListener("load", () => void begin().catch(() => {}));
  return function Lazy(props) {
    const [shown, draw] = useState(Boolean(loaded));
    useEffect(() => {
      if (!shown) void begin().then(() => draw(true));
    }, []);
    return loaded ? html`<${loaded} ...${props} />` : html`<p class="faint">…</p>`;
  };
}

/** Never rejects: a view without its style can still be read. @param {string} path */
function styled(path) {
  const href = new URL("../" + path, import.meta.url);
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  document.head.append(link);
  return new Promise((done) => (link.onload = link.onerror = done));
}
