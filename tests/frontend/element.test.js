import assert from "node:assert/strict";
import { test } from "node:test";

import { accepts } from "../../frontend/element/choosing.js";
import { GivenSession } from "../../frontend/element/given-session.js";
import { WORDS } from "../../frontend/element/words.js";
import { SignedOut, Unreachable } from "../../frontend/ports/api.js";
import { LANGUAGES } from "../../frontend/texts/index.js";

const HOUR = 3_600;

/** As Cognito makes them; nothing here looks at the signature. */
function token(claims, seconds = HOUR) {
  const exp = Math.floor(Date.now() / 1000) + seconds;
  const body = Buffer.from(JSON.stringify({ exp, ...claims })).toString("base64url");
  return `e30.${body}.signature`;
}

const ana = (seconds) => token({ sub: "sub-ana", username: "änä" }, seconds);

/** A page that gives these, one after the other; what it was asked with is kept. */
function page(...given) {
  const asked = [];
  const getToken = async (refused) => {
    asked.push(refused);
    const next = given.length > 1 ? given.shift() : given[0];
    if (next instanceof Error) throw next;
    return next;
  };
  return { session: new GivenSession(getToken), asked };
}

test("a token is asked for once and kept, and says who is here", async () => {
  const { session, asked } = page(ana());
  assert.equal(session.person, undefined);
  assert.equal(await session.token(), await session.token());
  assert.deepEqual(asked, [""]);
  assert.deepEqual(session.person, { id: "sub-ana", name: "änä" });
});

test("one that is about to end, or was refused, is replaced", async () => {
  const [short, long] = [ana(30), ana(HOUR)];
  const { session, asked } = page(short, long);
  await session.signIn();
  assert.equal(await session.token(), long);
  assert.deepEqual(asked, ["", short]);
  assert.equal(await session.renewed(short), long, "nobody asks for what is there");
  assert.equal(asked.length, 2);
});

test("many who need a token at once ask once", async () => {
  const { session, asked } = page(ana());
  await Promise.all([session.token(), session.token(), session.renewed("")]);
  assert.equal(asked.length, 1);
});

test("no token, the refused one again, and what is none are a sign-in that has ended", async () => {
  for (const given of [null, undefined, "", "opaque", token({})]) {
    const { session } = page(given);
    assert.equal(await session.signIn(), false);
    await assert.rejects(session.token(), SignedOut);
  }
  const same = ana();
  const { session } = page(same);
  await session.token();
  await assert.rejects(session.renewed(same), SignedOut);
});

test("a page that cannot reach its own server is no network, and may be asked again", async () => {
  const { session } = page(new TypeError("Failed to fetch"), ana());
  await assert.rejects(session.token(), Unreachable);
  assert.ok(await session.token());
});

test("another person is told as a change", async () => {
  const { session } = page(ana(0), token({ sub: "sub-ben" }));
  const seen = [];
  session.addEventListener("change", () => seen.push(session.person.id));
  await session.token();
  await session.token();
  assert.deepEqual(seen, ["sub-ana", "sub-ben"]);
  assert.equal(session.person.name, "sub-ben");
});

test("accept is read as browsers read it", () => {
  const film = { name: "Film.MOV", type: "video/quicktime" };
  for (const wish of ["", " ", ".mov", "video/*", "image/*, .mov", "video/quicktime"])
    assert.ok(accepts(film, wish), wish);
  for (const wish of [".mp4", "image/*", "video/mp4", "video"]) assert.ok(!accepts(film, wish), wish);
  assert.ok(!accepts({ name: "no-type", type: "" }, "video/*"));
});

test("the element speaks every language of the page", () => {
  assert.deepEqual(Object.keys(WORDS).sort(), Object.keys(LANGUAGES).sort());
});
