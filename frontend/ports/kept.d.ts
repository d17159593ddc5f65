// A transfer as `store.js` keeps it. Types only, so that no browser loads them.

import type { Reason, State } from "../engine/cycle.js";

export type Kept = {
  id: string;
  person: string;
  name: string;
  size: number;
  /** Milliseconds since the epoch. */
  modified: number;
  group: string;
  upload: string;
  yours: boolean;
  partSize: number;
  /** Chosen for an upload picked from the list. */
  helps: boolean;
  order: number;
  state: State;
  why?: Reason;
  /** Of the last exchange. */
  seq?: number;
  number?: number;
  ownBytes: number;
  share: number;
  /** 32 bytes for each part from the first on; of a file of this size and `modified`. */
  digests: Uint8Array;
  handle?: FileSystemFileHandle;
  problem?: { code: string; message: string };
  already?: boolean;
  /** The element that it was begun in; see element/own-store.js. */
  element?: string;
};

/** Remembers them: `store.js`, or a part of it. */
export interface Keeper {
  transfers(person: string): Promise<Kept[]>;
  keep(kept: Kept): Promise<void>;
  remove(id: string): Promise<void>;
}
