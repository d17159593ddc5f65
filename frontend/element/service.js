// Whether there is a service, and whether it lets this page in: what goes wrong first for whoever
// embeds the element. A browser tells a script neither, so what may be asked without leave is asked too.

import { Problem } from "../app/checking.js";

/** @typedef {{client_id: string, sign_in: import("../ports/session.js").Places}} Config */

/** The service's configuration. Throws Problem: `no_service` if something else is there, `not_embedded`
 * if its operator has not named this page's origin, `unreachable`.
 * @param {string} service @returns {Promise<Config>} */
export async function configOf(service) {
  const address = `${service}/config.json`;
  const answer = await fetch(address, { cache: "no-cache" }).catch(() => refusal(address));
  const config = answer.ok ? await answer.json().catch(() => ({})) : {};
  if (!config.client_id) throw new Problem("no_service", `there is no Manyhands at ${service}`);
  return config;
}

/** @param {string} address @returns {Promise<never>} */
async function refusal(address) {
  const there = await fetch(address, { cache: "no-store", mode: "no-cors" }).then(
    () => true,
    () => false,
  );
  if (!there) throw new Problem("unreachable", `${address} cannot be reached`);
  const how = `the operator must name ${location.origin} in OtherOrigins`;
  throw new Problem("not_embedded", `${address} may not be read from here: ${how}`);
}
