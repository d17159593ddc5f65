// What this browser remembers of its user's wishes; not of who the user is.

const KEY = "manyhands.settings";

/** `limit`: bytes a second, 0 for none; `atOnce`: files; `language`: "" for the browser's own.
 * @typedef {{label: string, limit: number, atOnce: number, language: string, notify: boolean, group: string}} Settings
 * @returns {Settings} */
function defaults() {
  return { label: labelOfThisBrowser(), limit: 0, atOnce: 1, language: "", notify: false, group: "" };
}

/** @returns {Settings} */
export function load() {
  try {
    return { ...defaults(), ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return defaults();
  }
}

/** @param {Settings} settings */
export function save(settings) {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch (error) {
    console.warn("Settings cannot be remembered:", error);
  }
}

/** e.g. "Firefox on Linux". */
export function labelOfThisBrowser(agent = navigator.userAgent) {
  const browser =
    [
      [/Edg\//, "Edge"],
      [/OPR\//, "Opera"],
      [/Firefox\/|FxiOS\//, "Firefox"],
      [/SamsungBrowser\//, "Samsung Internet"],
      [/Chrome\/|CriOS\//, "Chrome"],
      [/Safari\//, "Safari"],
    ].find(([sign]) => /** @type {RegExp} */ (sign).test(agent))?.[1] ?? "Browser";
  const system =
    [
      [/iPhone/, "iPhone"],
      [/iPad/, "iPad"],
      [/Android/, "Android"],
      [/CrOS/, "Chromebook"],
      [/Mac OS X/, "Mac"],
      [/Windows/, "Windows"],
      [/Linux/, "Linux"],
    ].find(([sign]) => /** @type {RegExp} */ (sign).test(agent))?.[1] ?? "";
  return system ? `${browser} on ${system}` : String(browser);
}
