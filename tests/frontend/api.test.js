import assert from "node:assert/strict";
import { test } from "node:test";

import { Api, Refused } from "../../frontend/ports/api.js";
import { de } from "../../frontend/texts/de.js";
import { en } from "../../frontend/texts/en.js";

const TOKENS = { token: async () => "t", renewed: async () => "t" };
const BODIES = ["", "<html>Oops</html>", '{"message": "Limit Exceeded"}'];
const CODES = [
  [429, "too_many_requests", true],
  [500, "unavailable", true],
  [502, "unavailable", true],
  [503, "unavailable", true],
  [504, "unavailable", true],
  [400, "bad_request", false],
  [403, "bad_request", false],
];

/** What a call is refused with that is answered so. */
async function refused(t, status, body) {
  t.mock.method(globalThis, "fetch", async () => new Response(body, { status }));
  const error = await new Api("/api", TOKENS).me().catch((error) => error);
  t.mock.restoreAll();
  assert.ok(error instanceof Refused);
  return error;
}

test("an answer of something on the way is told by its status, in people's words", async (t) => {
  for (const body of BODIES)
    for (const [status, code, retryable] of CODES) {
      const error = await refused(t, status, body);
      assert.deepEqual([error.status, error.code, error.retryable], [status, code, retryable]);
      assert.ok(en.problem[code] && de.problem[code], code);
    }
});

test("a refusal of the service keeps its own code", async (t) => {
  const said = { code: "board_busy", message: "m", retryable: true, details: {} };
  assert.equal((await refused(t, 503, JSON.stringify(said))).code, "board_busy");
});
