// Which language, and numbers as its readers write them.

/** Each language's own name, and its texts, which are loaded when they are needed.
 * @type {Record<string, {name: string, load(): Promise<import("./en.js").Texts>}>} */
export const LANGUAGES = {
  en: { name: "English", load: async () => (await import("./en.js")).en },
  de: { name: "Deutsch", load: async () => (await import("./de.js")).de },
};

/** @typedef {{code: string, texts: import("./en.js").Texts, format: Format}} Words */

/** @param {string} wanted a language's code, "" for the browser's own
 *  @param {readonly string[]} [preferred] the browser's, best first @returns {Promise<Words>} */
export async function wordsFor(wanted, preferred = navigator.languages) {
  const found = preferred.map(languageOf).find((code) => code in LANGUAGES);
  const code = wanted in LANGUAGES ? wanted : (found ?? "en");
  const locale = preferred.find((tag) => languageOf(tag) === code) ?? code;
  return { code, texts: await LANGUAGES[code].load(), format: new Format(locale) };
}

/** @param {string} tag e.g. de-CH */
function languageOf(tag) {
  return tag.toLowerCase().split("-")[0];
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/** Numbers, sizes and times in one locale. Sizes by thousands, as disks are sold. */
export class Format {
  #locale;

  /** @param {string} locale */
  constructor(locale) {
    this.#locale = locale;
  }

  /** @param {number} bytes e.g. 52.4 MB */
  size(bytes) {
    let step = 0;
    while (bytes >= 999.95 && step < UNITS.length - 1) {
      bytes /= 1000;
      step += 1;
    }
    return this.#unit(bytes, UNITS[step], step ? 1 : 0);
  }

  /** Rounded down, so that 100 % is all. @param {number} share of 1 */
  percent(share) {
    const rounded = Math.floor(share * 1000) / 1000;
    return this.#number(rounded, { style: "percent", maximumFractionDigits: 1 });
  }

  /** @param {number} seconds */
  span(seconds) {
    if (seconds < 90) return this.#unit(Math.max(1, seconds), "second", 0);
    if (seconds < 5400) return this.#unit(seconds / 60, "minute", 0);
    return this.#unit(seconds / 3600, "hour", 1);
  }

  /** @param {number} seconds */
  ago(seconds) {
    const [value, unit] =
      seconds < 90
        ? [seconds, "second"]
        : seconds < 5400
          ? [seconds / 60, "minute"]
          : [seconds / 3600, "hour"];
    const format = new Intl.RelativeTimeFormat(this.#locale, { style: "narrow" });
    return format.format(-Math.round(value), /** @type {Intl.RelativeTimeFormatUnit} */ (unit));
  }

  /** @param {number} ms since the epoch */
  moment(ms) {
    return new Intl.DateTimeFormat(this.#locale, { dateStyle: "medium", timeStyle: "short" }).format(ms);
  }

  /** @param {number} n */
  count(n) {
    return this.#number(n, {});
  }

  /** @param {number} value @param {string} unit @param {number} digits */
  #unit(value, unit, digits) {
    const unitDisplay = unit.length > 4 && unit.endsWith("byte") ? "short" : "long"; // 5 MB, 5 bytes, 5 minutes
    const style = { style: "unit", unit, unitDisplay, maximumFractionDigits: digits };
    return this.#number(value, /** @type {Intl.NumberFormatOptions} */ (style));
  }

  /** @param {number} value @param {Intl.NumberFormatOptions} style */
  #number(value, style) {
    return new Intl.NumberFormat(this.#locale, style).format(value);
  }
}
