// The page's engine and its part arithmetic, asked by a JSON line, answered by a JSON line.

import { createInterface } from "node:readline";

import { Engine } from "../../frontend/engine/engine.js";
import { DIGEST_BYTES, Digests, planParts, range } from "../../frontend/engine/parts.js";
import { RULES } from "../../frontend/engine/rules.js";
import { seeded } from "../frontend/golden.js";

let engine;

// JSON has no infinity.
const finite = (moment) => (Number.isFinite(moment) ? moment : null);

const state = (decisions) => ({
  decisions,
  wake_at: finite(engine.wakeAt()),
  unreported: engine.unreported,
  seq: engine.seq,
});

const DO = {
  begin({ options, rules, seed }) {
    engine = new Engine({ ...options, random: seeded(seed), rules: { ...RULES, ...rules } });
    return RULES;
  },
  tell({ happenings, now }) {
    for (const happening of happenings) engine.handle(happening, now);
    return state(engine.decide(now));
  },
  farewell: () => engine.farewell(),
  plan({ size, limits, parts }) {
    const plan = planParts(size, limits);
    const known = new Digests(plan, new Uint8Array(plan.count * DIGEST_BYTES));
    return {
      part_size: plan.partSize,
      count: plan.count,
      ranges: (parts ?? Array.from({ length: plan.count }, (_, i) => i + 1))
        .filter((part) => part <= plan.count)
        .map((part) => range(plan, part)),
      pages: Array.from({ length: plan.starts.length }, (_, page) => known.page(page)?.length),
    };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { do: what, ...given } = JSON.parse(line);
  let answer;
  try {
    answer = { is: DO[what](given) };
  } catch (error) {
    answer = { error: String(error.stack) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
