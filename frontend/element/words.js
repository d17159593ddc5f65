// What only the element says; the rest is in texts/.

/** @type {Record<string, {drop: string}>} */
export const WORDS = {
  en: { drop: "Drop files here, or" },
  de: { drop: "Dateien hierher ziehen oder" },
};
