// Who is signed in: authorization code with PKCE, by oidc-client-ts.
//
// The first sign-in leaves the page and comes back. When a session ends while something is uploaded,
// a small window is opened instead, so that the page and its files stay as they are. Tokens are kept
// in localStorage: tabs share them, and an upload goes on after a restart without a new sign-in; the
// page's Content-Security-Policy lets no foreign script read them. Events: "change".

import { ErrorResponse, UserManager, WebStorageStateStore } from "../vendor/oidc.js";
import { SignedOut, Unreachable } from "./api.js";

/** @typedef {{issuer: string, authorize: string, token: string, revoke: string, logout: string}} Places
 *  @typedef {{id: string, name: string}} Person */

export class Session extends EventTarget {
  #users;
  #places;
  #clientId;
  #home;
  /** @type {import("oidc-client-ts").User | null} */ #user = null;
  /** @type {Promise<string> | undefined} */ #renewing;

  /** @param {{client_id: string, sign_in: Places}} config @param {string} [home]
   *  @param {AbortSignal} [signal] nobody asks any more */
  constructor({ client_id, sign_in }, home = `${location.origin}/`, signal) {
    super();
    this.#home = home;
    this.#places = sign_in;
    this.#clientId = client_id;
    this.#users = new UserManager({
      authority: sign_in.issuer,
      metadata: {
        issuer: sign_in.issuer,
        authorization_endpoint: sign_in.authorize,
        token_endpoint: sign_in.token,
        revocation_endpoint: sign_in.revoke,
      },
      client_id,
      redirect_uri: home,
      response_type: "code",
      scope: "openid email profile",
      userStore: new WebStorageStateStore({ store: localStorage, prefix: "manyhands." }),
      stateStore: new WebStorageStateStore({ store: localStorage, prefix: "manyhands.state." }),
      automaticSilentRenew: false,
      loadUserInfo: false,
      monitorSession: false,
      revokeTokenTypes: ["refresh_token"],
      popupWindowFeatures: { width: 460, height: 640 },
    });
    const changed = (/** @type {StorageEvent} */ { key }) =>
      key?.startsWith("manyhands.user:") && this.#reload();
    addEventListener("storage", changed, { signal });
  }

  /** Come back from the sign-in, or find what is kept. Returns false in the small window, which has
   * nothing else to do. @returns {Promise<boolean>} */
  async begin() {
    const query = new URLSearchParams(location.search);
    if (query.has("state") && (query.has("code") || query.has("error"))) {
      if (!(await this.#comeBack())) return false;
    } else {
      this.#user = await this.#users.getUser();
    }
    await this.#users.clearStaleState();
    return true;
  }

  /** @returns {Person | undefined} */
  get person() {
    if (!this.#user) return undefined;
    const { sub } = this.#user.profile;
    return { id: sub, name: String(this.#user.profile["cognito:username"] ?? sub) };
  }

  /** Leave the page, and come back. */
  async signIn() {
    await this.#users.signinRedirect({ state: location.search + location.hash });
  }

  /** In a small window; where the browser refuses it, leave the page.
   * @returns {Promise<boolean>} whether somebody signed in */
  async signInAgain() {
    try {
      this.#take(await this.#users.signinPopup({ extraQueryParams: { prompt: "login" } }));
      return true;
    } catch (error) {
      if (error instanceof Error && /blocked|could not open|attempted to navigate/i.test(error.message))
        await this.signIn();
      return false;
    }
  }

  /** Forget who it was, here and there. */
  async signOut() {
    await this.#users.revokeTokens(["refresh_token"]).catch((error) => console.warn("Not revoked:", error));
    await this.#users.removeUser();
    this.#take(null);
    const query = new URLSearchParams({ client_id: this.#clientId, logout_uri: this.#home });
    location.assign(`${this.#places.logout}?${query}`);
  }

  /** A token that is good now. Throws SignedOut, Unreachable. */
  async token() {
    if (!this.#user) throw new SignedOut("nobody is signed in");
    const { access_token, expires_in } = this.#user;
    if (expires_in !== undefined && expires_in < 60) return this.renewed(access_token);
    return access_token;
  }

  /** Another one than the refused. Throws SignedOut, Unreachable. @param {string} refused */
  async renewed(refused) {
    if (this.#user && this.#user.access_token !== refused) return this.#user.access_token;
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  async #renew() {
    try {
      const user = this.#user?.refresh_token ? await this.#users.signinSilent() : null;
      if (!user) throw new SignedOut("the sign-in has ended");
      this.#take(user);
      return user.access_token;
    } catch (error) {
      if (error instanceof SignedOut || error instanceof ErrorResponse)
        throw new SignedOut("the sign-in has ended");
      throw new Unreachable("no answer from the sign-in", { cause: error });
    }
  }

  async #comeBack() {
    const opener = window.opener;
    try {
      const user = await this.#users.signinCallback();
      if (opener && !user) return false;
      this.#user = user ?? null;
      history.replaceState(null, "", `${this.#home}${user?.state ?? ""}`);
    } catch (error) {
      console.warn("The sign-in did not come to an end:", error);
      history.replaceState(null, "", this.#home);
      this.#user = await this.#users.getUser();
    }
    return true;
  }

  /** Another tab signed in or out. */
  async #reload() {
    this.#take(await this.#users.getUser());
  }

  /** @param {import("oidc-client-ts").User | null} user */
  #take(user) {
    this.#user = user;
    this.dispatchEvent(new Event("change"));
  }
}
