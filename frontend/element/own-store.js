// What outlives the page, for one element among all those of an origin.
//
// Two elements are two lists, on one page or on two: each takes up only what was begun in it. So a
// record has the element's name; see docs/element.md.

/** @typedef {import("../ports/kept.js").Kept} Kept
 *  @typedef {import("../ports/kept.js").Keeper} Keeper
 *  @implements {Keeper} */
export class OwnStore {
  #store;
  #name;

  /** @param {Keeper} store @param {string} name */
  constructor(store, name) {
    this.#store = store;
    this.#name = name;
  }

  /** @param {string} person @returns {Promise<Kept[]>} */
  async transfers(person) {
    return (await this.#store.transfers(person)).filter(({ element }) => element === this.#name);
  }

  /** @param {Kept} kept */
  keep(kept) {
    return this.#store.keep({ ...kept, element: this.#name });
  }

  /** @param {string} id */
  remove(id) {
    return this.#store.remove(id);
  }
}
