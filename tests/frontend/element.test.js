import assert from "node:assert/strict";
import { test } from "node:test";

import { accepts } from "../../frontend/element/choosing.js";
import { WORDS, wordsOf } from "../../frontend/element/words.js";
import { LANGUAGES } from "../../frontend/texts/index.js";

test("accept is read as browsers read it", () => {
  const film = { name: "Film.MOV", type: "video/quicktime" };
  for (const wish of ["", " ", ".mov", "video/*", "image/*, .mov", "video/quicktime"])
    assert.ok(accepts(film, wish), wish);
  for (const wish of [".mp4", "image/*", "video/mp4", "video"]) assert.ok(!accepts(film, wish), wish);
  const untyped = { name: "no-type", type: "" };
  assert.ok(!accepts(untyped, "video/*"));
  for (const all of ["*", "*/*", "image/*,*/*"])
    for (const one of [film, untyped]) assert.ok(accepts(one, all), all);
});

test("the element speaks every language of the page", async () => {
  assert.deepEqual(Object.keys(WORDS).sort(), Object.keys(LANGUAGES).sort());
  for (const language of Object.keys(LANGUAGES)) {
    const { problem } = (await wordsOf(language)).texts;
    assert.equal(problem.one_file, WORDS[language].problem.one_file);
    assert.ok(problem.defect, "with the page's own");
  }
});

test("its script may be imported where there is no document", async () => {
  assert.equal(globalThis.HTMLElement, undefined);
  await import("../../frontend/element.js");
});
