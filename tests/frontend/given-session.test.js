// A sign-in by the tokens that the embedding page gives.

import assert from "node:assert/strict";
import { test } from "node:test";

import { GivenSession } from "../../frontend/element/given-session.js";
import { SignedOut, Unreachable } from "../../frontend/ports/api.js";

const HOUR = 3_600;
const START = 1_800_000_000;

/** As Cognito makes them, all at the start; nothing here looks at the signature. */
function token(claims, exp = HOUR) {
  const body = Buffer.from(JSON.stringify({ iat: START, exp: START + exp, ...claims })).toString("base64url");
  return `e30.${body}.signature`;
}

const ana = (exp) => token({ sub: "sub-ana", username: "änä" }, exp);

/** A page that gives these, one after the other; what it was asked with is kept. */
function page(...given) {
  const asked = [];
  const clock = { s: 0 };
  const getToken = async (refused) => {
    asked.push(refused);
    const next = given.length > 1 ? given.shift() : given[0];
    if (next instanceof Error) throw next;
    return next;
  };
  return { session: new GivenSession(getToken, () => (START + clock.s) * 1_000), asked, clock };
}

test("a token is asked for once and kept, and says who is here", async () => {
  const { session, asked } = page(ana());
  assert.equal(session.person, undefined);
  assert.equal(await session.token(), await session.token());
  assert.deepEqual(asked, [""]);
  assert.deepEqual(session.person, { id: "sub-ana", name: "änä" });
});

test("one that is about to end is replaced", async () => {
  const [first, second] = [ana(HOUR), ana(2 * HOUR)];
  const { session, asked, clock } = page(first, second);
  await session.token();
  clock.s = HOUR - 61;
  assert.equal(await session.token(), first);
  clock.s = HOUR - 59;
  assert.equal(await session.token(), second);
  assert.deepEqual(asked, ["", ""], "neither was refused");
});

test("one that was refused is replaced", async () => {
  const [first, second] = [ana(HOUR), ana(2 * HOUR)];
  const { session, asked } = page(first, second);
  await session.token();
  assert.equal(await session.renewed(first), second);
  assert.equal(await session.renewed(first), second, "nobody asks for what is there");
  assert.deepEqual(asked, ["", first]);
});

test("a page may keep its token until it ends", async () => {
  const [first, second] = [ana(HOUR), ana(2 * HOUR)];
  const { session, asked, clock } = page(first, first, second);
  await session.token();
  clock.s = HOUR - 30;
  for (let call = 0; call < 3; call++) assert.equal(await session.token(), first);
  assert.deepEqual(asked, ["", ""], "it is not asked at every call");
  clock.s = HOUR;
  assert.equal(await session.token(), second);
});

test("on a device whose clock is wrong a token is good for as long as it was made for", async () => {
  for (const wrong of [-10 * HOUR, HOUR, 10 * HOUR]) {
    const first = ana(HOUR);
    const { session, asked, clock } = page(first, first, ana(2 * HOUR));
    clock.s = wrong;
    await session.token();
    clock.s += HOUR - 62;
    assert.equal(await session.token(), first);
    assert.equal(asked.length, 1, `${wrong}`);
    clock.s += 2;
    assert.equal(await session.token(), first);
    assert.equal(asked.length, 2);
    assert.ok(await session.signIn());
  }
});

test("a page that has nothing but a token that has ended is asked once a minute, not at every call", async () => {
  const { session, asked, clock } = page(ana(HOUR));
  await session.token();
  clock.s = 3 * HOUR;
  for (let call = 0; call < 3; call++) await session.token();
  assert.equal(asked.length, 2);
  clock.s += 61;
  await session.token();
  assert.equal(asked.length, 3);
});

test("a sign-in where all is well is one", async () => {
  const { session } = page(ana());
  assert.deepEqual([await session.signIn(), await session.signIn()], [true, true]);
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
  const { session, asked } = page(same);
  await session.token();
  await assert.rejects(session.renewed(same), SignedOut);
  await assert.rejects(session.token(), SignedOut);
  assert.equal(await session.signIn(), false);
  assert.deepEqual(asked, ["", same, same, same]);
});

test("a page that cannot reach its own server is no network, and may be asked again", async () => {
  const { session } = page(new TypeError("Failed to fetch"), ana());
  await assert.rejects(session.token(), Unreachable);
  assert.ok(await session.token());
});

test("another person is told as a change", async () => {
  const { session, clock } = page(ana(), token({ sub: "sub-ben" }, 2 * HOUR));
  const seen = [];
  session.addEventListener("change", () => seen.push(session.person.id));
  await session.token();
  clock.s = HOUR;
  await session.token();
  assert.deepEqual(seen, ["sub-ana", "sub-ben"]);
  assert.equal(session.person.name, "sub-ben");
});
