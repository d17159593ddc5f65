// What outlives the page: this browser's transfers, in IndexedDB.
//
// A record belongs to a person; another who signs in here never sees it. The handle of a file, where
// the browser gives one, lets a later visit go on without choosing the file again; no byte of the
// file itself is copied. If the database cannot be used (a private window, a full disk), the page
// works as well, but forgets.

import { openDB } from "../vendor/idb.js";

const NAME = "manyhands";
const VERSION = 1;

/** @typedef {import("./kept.js").Kept} Kept */

export class Store {
  /** @type {Promise<import("idb").IDBPDatabase | undefined>} */ #database;

  constructor() {
    this.#database = openDB(NAME, VERSION, {
      upgrade(database) {
        database.createObjectStore("transfers", { keyPath: "id" }).createIndex("person", "person");
      },
    }).catch((error) => {
      console.warn("Transfers cannot be remembered:", error);
      return undefined;
    });
  }

  /** In their order. @param {string} person @returns {Promise<Kept[]>} */
  async transfers(person) {
    const database = await this.#database;
    const found = (await database?.getAllFromIndex("transfers", "person", person)) ?? [];
    return found.sort((a, b) => a.order - b.order);
  }

  /** @param {Kept} kept */
  async keep(kept) {
    await this.#try((database) => database.put("transfers", kept));
  }

  /** @param {string} id */
  async remove(id) {
    await this.#try((database) => database.delete("transfers", id));
  }

  /** @param {(database: import("idb").IDBPDatabase) => Promise<unknown>} act */
  async #try(act) {
    const database = await this.#database;
    try {
      if (database) await act(database);
    } catch (error) {
      console.warn("A transfer could not be remembered:", error);
    }
  }
}
