// What others do, as it is looked at: answers that come too late are nobody's.

import assert from "node:assert/strict";
import test from "node:test";

globalThis.document = /** @type {any} */ (Object.assign(new EventTarget(), { hidden: false }));
const { Looking } = await import("../../frontend/app/looking.js");

/** A service whose answers come when the test says so. */
function slow() {
  /** @type {Record<string, (answer: any) => void>} */ const answer = {};
  const asked = (/** @type {string} */ what) => new Promise((said) => (answer[what] = said));
  const api = /** @type {any} */ ({
    uploads: (/** @type {string} */ group, next = "") => asked(group + next),
    upload: asked,
    now: () => 0,
  });
  const ports = { api, clock: () => 0, signedOut() {}, line: { suspect() {} } };
  const looking = new Looking(ports);
  const said = async (/** @type {string} */ what, /** @type {any} */ it) => {
    answer[what](it);
    await new Promise((turn) => setTimeout(turn));
  };
  return { looking, said };
}

const film = (/** @type {string} */ id, created_at = 1) => ({ id, created_at, status: "complete" });
const page = (/** @type {string} */ id, next = null) => ({ uploads: [film(id)], next });
const board = (/** @type {string} */ id) => ({ upload: film(id), board: { clients: [] } });

test("what was asked for by somebody who has left is shown to nobody", async () => {
  const { looking, said } = slow();
  looking.atLists(["film"]);
  looking.forget();
  looking.atLists(["choir"]);
  await said("film", page("private"));
  assert.deepEqual([looking.uploads, looking.listed], [[], false]);
  await said("choir", page("song"));
  assert.deepEqual(
    looking.uploads.map(({ id }) => id),
    ["song"],
  );
  looking.stop();
});

test("older ones that come after their person has left are shown to nobody", async () => {
  const { looking, said } = slow();
  looking.atLists(["film"]);
  await said("film", page("new", /** @type {any} */ ("more")));
  const more = looking.more();
  looking.forget();
  await said("filmmore", page("private"));
  await more;
  assert.deepEqual(looking.uploads, []);
});

test("a board that comes when another is open is not shown in its place", async () => {
  const { looking, said } = slow();
  looking.atBoard("one");
  looking.atBoard("two");
  await said("two", board("two"));
  await said("one", board("one"));
  assert.equal(looking.board?.upload.id, "two");
  looking.stop();
});
