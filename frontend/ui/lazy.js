import { html, useEffect, useState } from "../vendor/preact.js";

/** A view whose script is loaded when it is first shown, or `soon` after the start, while there is
 * a network.
 * @template P @param {() => Promise<(props: P) => unknown>} load @param {{soon?: boolean}} [when]
 * @returns {(props: P) => unknown} */
export function lazy(load, { soon } = {}) {
  if (soon) addEventListener("load", () => void load().catch(() => {}));
  /** @type {((props: P) => unknown) | undefined} */ let loaded;
  return function Lazy(props) {
    const [, draw] = useState(Boolean(loaded));
    useEffect(() => {
      if (!loaded) void load().then((view) => ((loaded = view), draw(true)));
    }, []);
    return loaded ? html`<${loaded} ...${props} />` : html`<p class="faint">…</p>`;
  };
}
