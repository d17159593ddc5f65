import assert from "node:assert/strict";
import { test } from "node:test";

import { Engine } from "../../frontend/engine/engine.js";
import { STEPS } from "../../frontend/engine/hand.js";
import { RULES } from "../../frontend/engine/rules.js";
import { SpeedLimit } from "../../frontend/engine/speed-limit.js";
import { STAGES } from "../../frontend/engine/stages.js";
import { golden, seeded } from "./golden.js";

const MIB = 1024 ** 2;
const reply = await golden("exchange_reply");
const ticket = (part, length = 5 * MIB) => ({ ...reply.tickets[0], part, length });
const answered = (parts, more = {}) => ({
  kind: "answered",
  reply: { ...reply, status: "active", tickets: parts.map((p) => ticket(p)), revoked: [], ...more },
});
const made = (options = {}) =>
  new Engine({
    who: { client: "client-1", label: "Chrome" },
    partSize: 5 * MIB,
    maxHeld: 64,
    random: () => 0.5,
    ...options,
  });
const kinds = (decisions) => decisions.map((d) => d.kind);
const asked = (decisions) => decisions.find((d) => d.kind === "exchange")?.request;
const parts = (decisions) => decisions.filter((d) => d.kind === "start_put").map((d) => d.ticket.part);

/** An engine that holds tickets 1 and 2, both under way, at second 0. */
function sending(options) {
  const engine = made(options);
  engine.decide(0);
  engine.handle(answered([1, 2]), 0);
  assert.deepEqual(parts(engine.decide(0)), [1, 2]);
  return engine;
}

test("it begins by asking, and asks for nothing more until it is answered", () => {
  const engine = made();
  const first = asked(engine.decide(0));
  assert.deepEqual([first.seq, first.holding, first.done, first.want], [1, [], [], RULES.fewest]);
  assert.deepEqual(engine.decide(100), []);
});

test("tickets of the golden answer are put, and reported once the storage has them", () => {
  const engine = made();
  engine.decide(0);
  engine.handle({ kind: "answered", reply }, 0);
  const started = parts(engine.decide(0));
  assert.deepEqual(started, reply.tickets.map((t) => t.part).slice(0, RULES.fewest));
  for (const part of started) engine.handle({ kind: "sent", part }, 1);
  assert.deepEqual(asked(engine.decide(RULES.reportS + 1)).done, started);
});

test("a lost answer costs nothing: the next exchange says the same again", () => {
  const engine = sending();
  engine.handle({ kind: "sent", part: 1 }, 1);
  const before = asked(engine.decide(5));
  engine.handle({ kind: "failed", atLeastS: 0 }, 5);
  const again = asked(engine.decide(5 + RULES.backoffCapS));
  assert.deepEqual([again.done, again.holding], [before.done, before.holding]);
  assert.ok(again.seq > before.seq);
});

test("a revoked part is stopped and not held any more", () => {
  const engine = sending();
  engine.decide(20);
  engine.handle(answered([], { revoked: [2] }), 20);
  assert.deepEqual(
    engine.decide(20).filter((d) => d.kind === "stop_put"),
    [{ kind: "stop_put", part: 2 }],
  );
  engine.handle({ kind: "put_failed", part: 2, why: "stopped", detail: "" }, 20);
  assert.deepEqual(asked(engine.decide(60)).holding, [1]);
});

test("a stop that came too late counts for no ticket that came since", () => {
  const engine = sending();
  engine.decide(20);
  engine.handle(answered([2], { revoked: [2] }), 20);
  engine.decide(20);
  engine.handle({ kind: "sent", part: 2 }, 21);
  assert.deepEqual(engine.unreported, [], "it may have gone to the upload before it was begun anew");
  assert.deepEqual(parts(engine.decide(21)), [2]);
  engine.handle({ kind: "sent", part: 2 }, 22);
  assert.deepEqual(engine.unreported, [2]);
});

test("resting finishes what is under way, reports it, and only then is rested", () => {
  const engine = sending();
  engine.handle({ kind: "rest" }, 1);
  const first = asked(engine.decide(1));
  assert.deepEqual([first.holding, first.want], [[1, 2], 0]);
  engine.handle(answered([]), 1);
  for (const part of [1, 2]) engine.handle({ kind: "sent", part }, 2);
  const last = asked(engine.decide(2));
  assert.deepEqual([last.holding, last.done], [[], [1, 2]]);
  engine.handle(answered([]), 2);
  assert.deepEqual(kinds(engine.decide(2)), ["rested"]);
  assert.deepEqual(engine.decide(100), []);
});

test("resting never hangs on a service that does not answer", () => {
  const engine = made();
  engine.decide(0);
  engine.handle({ kind: "rest" }, 0);
  engine.handle({ kind: "failed", atLeastS: 0 }, 0);
  assert.deepEqual(kinds(engine.decide(60)), ["rested"]);
  const owing = sending();
  owing.handle({ kind: "sent", part: 1 }, 1);
  owing.handle({ kind: "sent", part: 2 }, 1);
  owing.handle({ kind: "rest" }, 1);
  let said = [];
  for (let now = 1; now < 200 && !said.includes("rested"); now += 20) {
    said = kinds(owing.decide(now));
    owing.handle({ kind: "failed", atLeastS: 0 }, now);
  }
  assert.ok(said.includes("rested"));
});

test("resting, a part that the network stopped is given back instead of held for ever", () => {
  const engine = sending();
  engine.handle({ kind: "rest" }, 1);
  engine.decide(1);
  engine.handle(answered([]), 1);
  engine.handle({ kind: "hold", why: "offline" }, 2);
  for (const part of [1, 2]) engine.handle({ kind: "put_failed", part, why: "stopped", detail: "" }, 2);
  engine.handle({ kind: "go_on", why: "offline" }, 3);
  assert.deepEqual(asked(engine.decide(3)).holding, []);
  engine.handle(answered([]), 3);
  assert.deepEqual(kinds(engine.decide(3)), ["rested"]);
});

test("resting with nothing left to say, it waits for news and for no moment that has passed", () => {
  const engine = sending();
  engine.handle({ kind: "rest" }, 1);
  engine.decide(1);
  engine.handle(answered([], { revoked: [1, 2] }), 1);
  assert.deepEqual(asked(engine.decide(21)).holding, []);
  engine.handle(answered([]), 21);
  assert.deepEqual(engine.decide(60), []);
  assert.equal(engine.wakeAt(), Infinity);
  for (const part of [1, 2]) engine.handle({ kind: "put_failed", part, why: "stopped", detail: "" }, 61);
  assert.deepEqual(kinds(engine.decide(61)), ["rested"]);
});

test("a pause for everybody is a rest; the parts under way are finished", () => {
  const engine = sending();
  engine.decide(20);
  engine.handle(answered([], { status: "paused" }), 20);
  assert.deepEqual(engine.decide(20), [{ kind: "turned", status: "paused" }]);
  for (const part of [1, 2]) engine.handle({ kind: "sent", part }, 21);
  assert.deepEqual(asked(engine.decide(21)).done, [1, 2]);
  engine.handle(answered([], { status: "paused" }), 21);
  assert.deepEqual(kinds(engine.decide(21)), ["rested"]);
});

test("without a network nothing is tried; afterwards all of it, at once", () => {
  const engine = sending();
  engine.handle({ kind: "hold", why: "offline" }, 1);
  assert.deepEqual(kinds(engine.decide(1)), ["stop_put", "stop_put"]);
  for (const part of [1, 2]) engine.handle({ kind: "put_failed", part, why: "stopped", detail: "" }, 1);
  assert.deepEqual(engine.decide(500), []);
  assert.equal(engine.wakeAt(), Infinity);
  engine.handle({ kind: "go_on", why: "offline" }, 500);
  const decisions = engine.decide(500);
  assert.deepEqual(parts(decisions), [1, 2]);
  assert.deepEqual(asked(decisions).holding, [1, 2]);
});

test("signed out, what is under way goes on, and nothing is asked", () => {
  const engine = sending();
  engine.handle({ kind: "hold", why: "signed_out" }, 1);
  engine.handle({ kind: "sent", part: 1 }, 2);
  assert.deepEqual(engine.decide(50), []);
  engine.handle({ kind: "go_on", why: "signed_out" }, 50);
  assert.deepEqual(asked(engine.decide(50)).done, [1]);
});

test("after a sleep what hangs is stopped and begun again", () => {
  const engine = sending();
  engine.decide(20);
  engine.handle(answered([]), 20);
  engine.handle({ kind: "woke" }, 21);
  assert.deepEqual(kinds(engine.decide(21)), ["stop_put", "stop_put", "exchange"]);
  for (const part of [1, 2]) engine.handle({ kind: "put_failed", part, why: "stopped", detail: "" }, 21);
  assert.deepEqual(parts(engine.decide(21)), [1, 2]);
});

test("an expired URL is taken anew, without a word to anybody", () => {
  const engine = sending();
  engine.handle({ kind: "put_failed", part: 1, why: "expired", detail: "403" }, 1);
  const request = asked(engine.decide(20));
  assert.deepEqual(request.holding, [2]);
  engine.handle(answered([1]), 20);
  assert.deepEqual(parts(engine.decide(20 + RULES.backoffCapS)), [1]);
});

test("a part fails, waits, is tried again, and is given back after some tries", () => {
  const engine = sending();
  let now = 0;
  for (let i = 1; i < RULES.tries; i++) {
    engine.handle({ kind: "put_failed", part: 1, why: "line", detail: "" }, now);
    assert.deepEqual(parts(engine.decide(now)), []);
    now += RULES.backoffCapS;
    assert.deepEqual(parts(engine.decide(now)), [1]);
  }
  engine.handle({ kind: "put_failed", part: 1, why: "line", detail: "" }, now);
  assert.deepEqual(parts(engine.decide(now + 60)), []);
});

test("a storage that refuses everything ends the run with a reason", () => {
  const engine = made();
  const said = [];
  for (let now = 0; now < 3000 && !said.includes("give_up"); now += 30) {
    const decisions = engine.decide(now);
    said.push(...kinds(decisions));
    if (asked(decisions)) engine.handle(answered([1]), now);
    for (const part of parts(decisions))
      engine.handle({ kind: "put_failed", part, why: "refused", detail: "500" }, now);
  }
  assert.equal(said.at(-1), "give_up");
});

test("all is in: the run is over, and nobody waits for the storage", () => {
  const engine = sending();
  engine.decide(20);
  engine.handle(answered([], { status: "assembling" }), 20);
  const last = engine.decide(20);
  assert.deepEqual(last.at(-1), { kind: "end", status: "assembling" });
  assert.equal(engine.wakeAt(), Infinity);
});

test("what it lacked for want of digests is asked for as soon as more are known", () => {
  const engine = sending();
  engine.handle({ kind: "known" }, 0);
  assert.equal(asked(engine.decide(0.1)), undefined, "nothing was lacking");
  for (const part of [1, 2]) engine.handle({ kind: "sent", part }, 1);
  assert.equal(asked(engine.decide(1)).want, 2);
  engine.handle(answered([], { next_exchange_s: 2 }), 1.1);
  assert.equal(asked(engine.decide(1.2)), undefined);
  engine.handle({ kind: "known" }, 1.3);
  assert.ok(engine.wakeAt() <= 1.3);
  assert.ok(asked(engine.decide(1.3)));
  engine.handle(answered([], { next_exchange_s: 2 }), 1.4);
  assert.equal(asked(engine.decide(1.5)), undefined, "once");
});

test("digests that come while an exchange is under way are asked for after it", () => {
  const engine = made();
  engine.decide(0);
  engine.handle({ kind: "known" }, 0.1);
  assert.equal(asked(engine.decide(0.1)), undefined);
  engine.handle(answered([], { next_exchange_s: 2 }), 0.2);
  assert.ok(asked(engine.decide(0.2)));
});

test("no digests make it ask while the service does not answer", () => {
  const engine = made();
  engine.decide(0);
  engine.handle(answered([], { next_exchange_s: 0 }), 0);
  engine.decide(1);
  engine.handle({ kind: "failed", atLeastS: 5 }, 1);
  engine.handle({ kind: "known" }, 1);
  assert.equal(asked(engine.decide(1)), undefined);
  assert.equal(engine.wakeAt(), 6);
});

test("a limit spaces the parts so that on average it is kept", () => {
  const limit = new SpeedLimit();
  limit.set(MIB);
  const engine = made({ limit });
  engine.decide(0);
  engine.handle(answered([1, 2, 3, 4, 5, 6, 7, 8]), 0);
  const begun = [];
  for (let now = 0; begun.length < 4 && now < 60; now += 0.5) {
    engine.handle({ kind: "moved", bytes: 0 }, now);
    for (const d of engine.decide(now)) {
      if (d.kind === "exchange") engine.handle(answered([]), now);
      if (d.kind !== "start_put") continue;
      begun.push(now);
      engine.handle({ kind: "moved", bytes: 5 * MIB }, now);
      engine.handle({ kind: "sent", part: d.ticket.part }, now);
    }
  }
  assert.deepEqual(begun, [0, 5, 10, 15]);
  assert.ok(engine.rate <= MIB);
});

test("every phase and every status has its place in a table", () => {
  assert.deepEqual(Object.keys(STEPS), ["ready", "sending", "sent"]);
  assert.deepEqual(new Set(Object.values(STAGES)), new Set(["working", "paused", "waiting", "over"]));
});

/** A board with one client, which loses answers, refuses, and forgets what is not named. */
function world(seed, count) {
  const random = seeded(seed);
  const done = new Set();
  const stored = new Set();
  let held = new Set();
  let seq = 0;
  return {
    random,
    done,
    stored,
    exchange(request) {
      assert.ok(request.seq > seq, "seq grows");
      seq = request.seq;
      for (const part of request.done) {
        assert.ok(stored.has(part), "only what the storage has is reported");
        done.add(part);
      }
      const revoked = request.holding.filter((p) => done.has(p) || (held.has(p) && random() < 0.05));
      held = new Set(request.holding.filter((p) => !revoked.includes(p)));
      const open = Array.from({ length: count }, (_, i) => i + 1).filter((p) => !done.has(p) && !held.has(p));
      const given = open.slice(0, request.want);
      given.forEach((p) => held.add(p));
      const status = done.size === count ? "assembling" : "active";
      return answered(status === "active" ? given : [], { status, revoked, next_exchange_s: 5 });
    },
  };
}

for (let seed = 1; seed <= 200; seed++)
  test(`seed ${seed}: whatever fails on the way, all parts arrive, and none is under way twice`, () => {
    const { random, done, exchange, stored } = world(seed, 30);
    const engine = made({ random });
    const under = new Map();
    let now = 0;
    let over = false;
    const obey = () => {
      for (const decision of engine.decide(now)) {
        if (decision.kind === "start_put") {
          assert.ok(!under.has(decision.ticket.part), "once at a time");
          under.set(decision.ticket.part, now + random() * 8);
        } else if (decision.kind === "stop_put") {
          if (under.has(decision.part)) under.set(decision.part, -1); // it may have ended meanwhile
        } else if (decision.kind === "exchange") {
          const answer = random() < 0.1 ? undefined : exchange(decision.request);
          const lost = !answer || random() < 0.1;
          engine.handle(lost ? { kind: "failed", atLeastS: 0 } : answer, now);
        } else if (decision.kind === "end") over = true;
      }
      assert.ok(under.size <= RULES.connections);
    };
    for (let step = 0; step < 20_000 && !over; step++) {
      obey();
      for (const [part, until] of under) {
        if (until > now) continue;
        under.delete(part);
        const fails = until < 0 || random() < 0.15;
        if (!fails) stored.add(part);
        const why = until < 0 ? "stopped" : random() < 0.2 ? "expired" : "line";
        engine.handle(fails ? { kind: "put_failed", part, why, detail: "" } : { kind: "sent", part }, now);
      }
      if (random() < 0.01) engine.handle({ kind: "woke" }, now);
      if (random() < 0.01) {
        engine.handle({ kind: "hold", why: "offline" }, now);
        obey();
        engine.handle({ kind: "go_on", why: "offline" }, now);
      }
      now += 0.1 + random();
      engine.handle({ kind: "moved", bytes: under.size * MIB }, now);
    }
    assert.ok(over, "it comes to an end");
    assert.equal(done.size, 30);
  });
