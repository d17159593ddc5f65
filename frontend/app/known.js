// What this device knows of a transfer beyond its record: the file, if it is at hand, what is hashed
// of it, and the upload as it was last seen.

import { isOver } from "../engine/cycle.js";
import { knownAfter } from "../engine/parts.js";
import { Tally } from "../engine/tally.js";
import { FileGone, sha256 } from "../ports/hasher.js";
import { Problem } from "./checking.js";
import { Record } from "./record.js";

/** @typedef {import("../engine/messages.js").Upload} Upload
 *  @typedef {import("../ports/kept.js").Kept} Kept */

export class Known extends Record {
  /** @type {import("../engine/parts.js").Digests | undefined} */ digests;
  /** @type {File | undefined} */ file;
  /** @type {Upload | undefined} */ upload;

  /** @param {Kept} kept @param {File | undefined} file
   *  @param {{clock(): number, keep(kept: Kept): void}} means */
  constructor(kept, file, means) {
    super(kept, means);
    this.file = file;
    this.tally = new Tally(means.clock());
  }

  /** Whoever tries again must choose the file first. */
  get lacksItsFile() {
    return !this.file && !this.kept.handle;
  }

  /** The file chosen to go on is not the one that was begun with; what was begun stays. */
  get hasWrongFile() {
    const code = this.kept.problem?.code;
    return code === "another_file" || code === "another_size";
  }

  /** Which of the file's bytes are hashed, of 1; for the time of checking. */
  get checked() {
    const { digests } = this;
    if (!digests) return 0;
    const page = knownAfter(digests.plan, 1) * digests.plan.partSize;
    return this.kept.size ? Math.min(1, digests.bytes / Math.min(this.kept.size, page)) : 1;
  }

  /** The file is at hand again. @param {File} file @param {FileSystemFileHandle} [handle] */
  provide(file, handle) {
    if (file.size !== this.kept.size) throw new Problem("another_size");
    this.file = file;
    if (handle) this.kept.handle = handle;
    if (file.lastModified !== this.kept.modified) this.digests = undefined;
  }

  /** The upload for this file was created, joined or compared.
   * @param {import("./checking.js").Checked} checked @param {File} file */
  opened({ upload, digests }, file) {
    this.upload = upload;
    this.digests = digests;
    Object.assign(this.kept, {
      upload: upload.id,
      yours: upload.yours,
      name: upload.name,
      partSize: upload.part_size,
      modified: file.lastModified,
      digests: digests.prefix(),
    });
    this.tally.saw(upload, []);
    this.changed();
  }

  /** Everything is in. "Stored" is said only of the very file that is here.
   * @param {Upload} final @param {boolean} already it was so before anything was sent */
  async settled(final, already) {
    this.tally.saw(final);
    const { digests } = this;
    const own = digests?.whole && !this.kept.helps ? await digests.checksum(sha256) : final.checksum;
    if (isOver(this.state)) return; // it was seen twice, by the run and in the list
    if (own !== final.checksum) return this.failed(new Problem("another_file"));
    this.kept.already = already;
    this.kept.share = 1;
    this.move("stored");
  }

  /** @override @param {unknown} error */
  failed(error) {
    super.failed(error);
    if (!this.hasWrongFile && !(error instanceof FileGone)) return;
    this.file = undefined; // whoever tries again must choose
    this.digests = undefined;
    this.kept.handle = undefined;
  }
}
