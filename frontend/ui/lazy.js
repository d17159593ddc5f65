import { html, useEffect, useState } from "../vendor/preact.js";

/** A view whose script is loaded when it is first shown.
 * @template P @param {() => Promise<(props: P) => unknown>} load @returns {(props: P) => unknown} */
export function lazy(load) {
  /** @type {((props: P) => unknown) | undefined} */ let loaded;
  return function Lazy(props) {
    const [, draw] = useState(Boolean(loaded));
    useEffect(() => {
      if (!loaded) void load().then((view) => ((loaded = view), draw(true)));
    }, []);
    return loaded ? html`<${loaded} ...${props} />` : html`<p class="faint">…</p>`;
  };
}
