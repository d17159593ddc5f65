// The element's desk, without a screen: it lives as long as its signal.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Account } from "../../frontend/app/account.js";
import { Desk } from "../../frontend/element/desk.js";
import { GivenSession } from "../../frontend/element/given-session.js";
import { OwnStore } from "../../frontend/element/own-store.js";
import { golden } from "./golden.js";

const me = await golden("me_reply");
const TOKEN = `e30.${btoa(JSON.stringify({ sub: me.user.id }))}.signature`;
const settled = () => new Promise((done) => setImmediate(done));

/** A desk with one file that waits; token and introduction come when the test lets them. */
function desk() {
  const [token, introduction] = [Promise.withResolvers(), Promise.withResolvers()];
  const asked = [];
  const given = [];
  const life = new AbortController();
  const session = new GivenSession(() => token.promise);
  const api = { forget: () => {}, me: () => (asked.push("me"), introduction.promise) };
  const line = Object.assign(new EventTarget(), { up: true, isUp: async () => {}, suspect: () => {} });
  const account = new Account({ session, api, line });
  const transfers = Object.assign(new EventTarget(), {
    list: [],
    add: (chosen) => given.push(...chosen),
    authorize: async () => {},
    belongTo: async (person) => void asked.push(`list of ${person || "nobody"}`),
    removeEnded: async () => {},
    settle: () => {},
    leave: () => asked.push("leave"),
  });
  const waiting = [{ name: "early.mov" }];
  const words = { texts: {} };
  const it = new Desk({ account, line, transfers, words, waiting, signal: life.signal });
  it.begin();
  return { desk: it, life, asked, given, waiting, token, introduction };
}

test("what waits is uploaded once it is known who is here", async () => {
  const { desk: it, asked, given, token, introduction } = desk();
  token.resolve(TOKEN);
  introduction.resolve(me);
  await it.signIn();
  await settled();
  assert.deepEqual(asked, ["list of nobody", `list of ${me.user.id}`, "me"]);
  assert.deepEqual(given, [{ name: "early.mov" }]);
});

test("a desk that ended while its token was on the way meets nobody and uploads nothing", async () => {
  const { desk: it, life, asked, given, waiting, token, introduction } = desk();
  const signing = it.signIn();
  await settled();
  life.abort();
  token.resolve(TOKEN);
  introduction.resolve(me);
  await signing;
  await settled();
  assert.deepEqual(asked, ["list of nobody", "leave", "list of nobody"]);
  assert.deepEqual([given, waiting], [[], [{ name: "early.mov" }]], "kept for the next");
});

test("a desk that ended while its person was being met uploads nothing, and says nothing of it", async () => {
  const { desk: it, life, asked, given, token, introduction } = desk();
  const told = [];
  it.addEventListener("told", ({ detail }) => told.push(detail));
  token.resolve(TOKEN);
  await it.signIn();
  await settled();
  life.abort();
  introduction.resolve(me);
  await settled();
  assert.deepEqual(asked.slice(-3), ["me", "leave", "list of nobody"]);
  assert.deepEqual([given, told], [[], []]);
});

test("an element takes up its own transfers, and not those of another", async () => {
  const kept = new Map();
  const store = {
    transfers: async () => [...kept.values()],
    keep: async (one) => void kept.set(one.id, one),
    remove: async (id) => void kept.delete(id),
  };
  const [film, lab] = [new OwnStore(store, "film"), new OwnStore(store, "lab")];
  await film.keep({ id: "a" });
  await lab.keep({ id: "b" });
  assert.deepEqual(
    (await film.transfers("ana")).map((one) => one.id),
    ["a"],
  );
  assert.deepEqual(
    (await lab.transfers("ana")).map((one) => one.id),
    ["b"],
  );
  await lab.remove("b");
  assert.deepEqual(await lab.transfers("ana"), []);
});
