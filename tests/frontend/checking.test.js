import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { check, digestsOf as hashed, Problem } from "../../frontend/app/checking.js";
import { insist } from "../../frontend/app/insist.js";
import { Refused, SignedOut, Unreachable } from "../../frontend/ports/api.js";
import { golden } from "./golden.js";

const { limits: real } = await golden("me_reply");
const { upload: like } = await golden("create_reply");
const limits = { ...real, min_part_size: 10, part_size_step: 1, first_pages: [], page_parts: 2 };

const sha = (data) => createHash("sha256").update(data).digest();
const digestsOf = (text) => text.match(/[^]{1,10}/g).map((part) => sha(part));
const composite = (text) => {
  const all = digestsOf(text);
  return `${sha(Buffer.concat(all)).toString("base64")}-${all.length}`;
};
const hasher = { width: 2, digest: async (part) => new Uint8Array(sha(await part.bytes())) };
const kept = (more = {}) => ({
  name: "film.mov",
  group: "film",
  upload: "",
  helps: false,
  size: 0,
  modified: 0,
  partSize: 0,
  digests: new Uint8Array(),
  ...more,
});
const file = (text) => new File([text], "film.mov", { lastModified: 1 });

/** A service that has one upload, of `text`, with this status; another is made with a checksum. */
function service(text, status, more = {}) {
  const created = [];
  const theirs = digestsOf(text).map((d) => d.toString("base64"));
  const upload = {
    ...like,
    id: "first",
    size: text.length,
    part_size: 10,
    parts: theirs.length,
    parts_known: theirs.length,
    status,
    checksum: composite(text),
    ...more,
  };
  return {
    created,
    upload: async () => ({ upload }),
    page: async (_, page) => ({ digests: theirs.slice(page * 2, page * 2 + 2) }),
    create: async (request) => {
      created.push(request);
      return {
        upload: request.checksum ? { ...upload, id: "second", status: "initialized", checksum: "" } : upload,
      };
    },
  };
}

const means = (api, by = hasher) => ({
  api,
  hasher: by,
  limits,
  signal: new AbortController().signal,
  ask: (call) => call({}),
  progress: () => {},
});
const run = (api, text, more, by) => checked(kept(more), file(text), means(api, by));
const checked = (kept, file, means) => check(kept, file, hashed(kept, file, means), means);

const TEXT_PARTS = ["0123456789", "1123456789", "2123456789", "3123456789", "end"];
const TEXT = TEXT_PARTS.join("");

/** Hashes parts up to this one, and never ends with a later one; `asked` are all that it was asked for. */
function hasherUpTo(last) {
  const asked = [];
  const digest = async (part) => {
    const number = TEXT_PARTS.indexOf(await part.text()) + 1;
    asked.push(number);
    return number > last ? new Promise(() => {}) : hasher.digest(part);
  };
  return { asked, width: 2, digest };
}

test("only the first page is hashed before a new upload is made; the next one meanwhile", async () => {
  const api = service(TEXT, "initialized");
  const slow = hasherUpTo(2);
  const { upload, digests, stored } = await run(api, TEXT, {}, slow);
  assert.deepEqual([upload.id, digests.known, stored], ["first", 2, false]);
  assert.deepEqual(slow.asked, [1, 2, 3, 4]);
  assert.deepEqual(
    api.created[0].digests,
    digestsOf(TEXT)
      .slice(0, 2)
      .map((d) => d.toString("base64")),
  );
});

test("«stored already» is said only after the whole file was hashed and compared", async () => {
  const { digests, stored } = await run(service(TEXT, "complete"), TEXT);
  assert.deepEqual([digests.whole, stored], [true, true]);
});

test("another file of the same name, size and beginning becomes an upload of its own", async () => {
  const other = TEXT.replace("end", "END");
  const api = service(TEXT, "complete");
  const { upload, stored } = await run(api, other);
  assert.deepEqual([upload.id, stored], ["second", false]);
  assert.equal(api.created[1].checksum, composite(other));
});

test("help is given only with the same file: first, middle and last known part", async () => {
  const api = service(TEXT, "active");
  const { digests } = await run(api, TEXT, { helps: true, upload: "first" });
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((part) => digests.has(part)),
    [true, false, true, false, true],
  );
  const wrong = {
    another_size: [TEXT + "!"],
    another_file: ["x" + TEXT.slice(1), TEXT.replace("end", "END")],
  };
  for (const [code, files] of Object.entries(wrong))
    for (const file of files)
      await assert.rejects(
        run(api, file, { helps: true, upload: "first" }),
        (e) => e instanceof Problem && e.code === code,
      );
  assert.deepEqual(api.created, []);
});

test("a file chosen once more is compared before anything is created", async () => {
  const api = service(TEXT, "active");
  await assert.rejects(run(api, "x" + TEXT.slice(1), { upload: "first" }), Problem);
  assert.deepEqual(api.created, []);
});

test("what was hashed is good only for a file of the same size and time", async () => {
  const known = new Uint8Array(Buffer.concat(digestsOf(TEXT).slice(0, 3)));
  const same = { size: TEXT.length, modified: 1, partSize: 10, digests: known };
  const [good, bad] = [hasherUpTo(5), hasherUpTo(5)];
  await run(service(TEXT, "active"), TEXT, same, good);
  assert.deepEqual(good.asked, [4]);
  await run(service(TEXT, "active"), TEXT, { ...same, modified: 2 }, bad);
  assert.deepEqual(bad.asked.slice(0, 2), [1, 2]);
});

test("a name that the service does not take is changed as it suggests", async () => {
  const api = service(TEXT, "initialized");
  const { create } = api;
  api.create = async (request) => {
    if (request.name.includes("\u202e")) {
      const body = {
        code: "name_not_usable",
        message: "",
        retryable: false,
        details: { suggestion: "film" },
      };
      throw new Refused(400, body);
    }
    return create(request);
  };
  await run(api, TEXT, { name: "film\u202e" });
  assert.equal(api.created[0].name, "film");
});

test("a file beyond the limit is refused before it is read", async () => {
  const small = { ...means(service(TEXT, "initialized")), limits: { ...limits, max_file_size: 3 } };
  await assert.rejects(checked(kept(), file(TEXT), small), (e) => e.code === "file_too_large");
});

function circumstances() {
  const said = [];
  const line = { isUp: async () => said.push("up"), suspect: () => said.push("suspect") };
  const signIn = { isSignedIn: async () => said.push("signed in") };
  return { said, options: { line, signIn, signal: new AbortController().signal, random: () => 0 } };
}

const failing = (...errors) => {
  const left = [...errors];
  return async () => {
    if (left.length) throw left.shift();
    return "answer";
  };
};
const refused = (retryable) => new Refused(503, { code: "x", message: "", retryable, details: {} });

test("a call is repeated until it is answered, whatever was missing", async () => {
  const { said, options } = circumstances();
  const call = failing(new Unreachable(), new SignedOut(), refused(true));
  assert.equal(await insist(call, options), "answer");
  assert.deepEqual(said, ["up", "suspect", "up", "signed in", "up", "up"]);
});

test("what is refused for good is not repeated, and a broken-off call neither", async () => {
  const { options } = circumstances();
  await assert.rejects(insist(failing(refused(false)), options), Refused);
  const stop = new AbortController();
  const call = async () => {
    stop.abort(new Error("enough"));
    throw new Unreachable();
  };
  await assert.rejects(insist(call, { ...options, signal: stop.signal }), /enough/);
});
