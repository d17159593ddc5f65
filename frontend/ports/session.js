// Who is signed in: tokens from Cognito, kept for as long as the tab lives, renewed before they end.

const KEY = "manyhands.session";
const EARLY_MS = 60_000;

/** The sign-in service refused; `code` is its own. */
export class SignInError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** @typedef {{access: string, refresh: string, until: number}} Kept */

export class Session {
  /** @type {Kept | null} */ #kept;
  #config;

  /** @param {{cognito_endpoint: string, client_id: string}} config */
  constructor(config) {
    this.#config = config;
    this.#kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  }

  get signedIn() {
    return this.#kept !== null;
  }

  /** @param {string} name @param {string} password */
  async signIn(name, password) {
    await this.#initiate("USER_PASSWORD_AUTH", { USERNAME: name, PASSWORD: password });
  }

  /** A token that is still good. Throws SignInError when there is none to be had. */
  async token() {
    if (!this.#kept) throw new SignInError("SignedOut");
    if (Date.now() > this.#kept.until - EARLY_MS)
      await this.#initiate("REFRESH_TOKEN_AUTH", { REFRESH_TOKEN: this.#kept.refresh });
    return this.#kept.access;
  }

  signOut() {
    this.#kept = null;
    sessionStorage.removeItem(KEY);
  }

  /** @param {string} flow @param {Record<string, string>} parameters */
  async #initiate(flow, parameters) {
    const response = await fetch(this.#config.cognito_endpoint, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
      },
      body: JSON.stringify({
        AuthFlow: flow,
        ClientId: this.#config.client_id,
        AuthParameters: parameters,
      }),
    });
    const answer = await response.json();
    if (!response.ok) throw new SignInError(answer.__type ?? "Unknown");
    if (!answer.AuthenticationResult) throw new SignInError(answer.ChallengeName);
    this.#keep(answer.AuthenticationResult, parameters.REFRESH_TOKEN);
  }

  /** @param {{AccessToken: string, RefreshToken?: string, ExpiresIn: number}} result
   *  @param {string | undefined} former */
  #keep(result, former) {
    this.#kept = {
      access: result.AccessToken,
      refresh: result.RefreshToken ?? former ?? "",
      until: Date.now() + result.ExpiresIn * 1000,
    };
    sessionStorage.setItem(KEY, JSON.stringify(this.#kept));
  }
}
