// Numbers for people, in their own locale.

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/** @param {number} bytes @returns {string} e.g. 52.4 MB (thousands, as disks are sold) */
export function size(bytes) {
  let step = 0;
  while (bytes >= 999.95 && step < UNITS.length - 1) {
    bytes /= 1000;
    step += 1;
  }
  const digits = step ? 1 : 0;
  return new Intl.NumberFormat(undefined, {
    style: "unit",
    unit: UNITS[step],
    unitDisplay: "short",
    maximumFractionDigits: digits,
  }).format(bytes);
}

/** @param {number} share of 1 @returns {string} */
export function percent(share) {
  return new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 }).format(share);
}

/** @param {number} seconds @returns {string} */
export function span(seconds) {
  const [value, unit] =
    seconds < 90 ? [seconds, "second"] : seconds < 5400 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  return new Intl.NumberFormat(undefined, { style: "unit", unit, maximumFractionDigits: 0 }).format(value);
}
