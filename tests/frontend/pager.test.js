// Which page of the manifest is put next.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Pager } from "../../frontend/engine/pager.js";
import { cut } from "../../frontend/engine/parts.js";

const PLAN = cut(10, 1, { first_pages: [], page_parts: 4 }); // 10 parts on 3 pages

test("every page is put in order, also those that are known", () => {
  const pager = new Pager(PLAN, 4, true);
  const put = [];
  for (let page = pager.due(0); page !== undefined; page = pager.due(0)) {
    pager.began();
    assert.equal(pager.due(0), undefined, "one at a time");
    pager.wentWell();
    pager.learn(8);
    put.push(page);
  }
  assert.deepEqual(put, [0, 1, 2]);
});

test("the first page is not put again by who has just created the upload with it", () => {
  const pager = new Pager(PLAN, 4, true, 1);
  assert.equal(pager.due(0), 1);
  pager.began();
  pager.wentWell();
  assert.equal(pager.due(0), 2);
});

test("who is not the owner puts none, and a whole manifest lacks none", () => {
  assert.equal(new Pager(PLAN, 4, false).due(0), undefined);
  assert.equal(new Pager(PLAN, 10, true).due(0), undefined);
});

test("what others complete meanwhile need not be put", () => {
  const pager = new Pager(PLAN, 4, true);
  pager.learn(10);
  assert.equal(pager.due(0), undefined);
});

test("a page that failed is put again later", () => {
  const pager = new Pager(PLAN, 4, true);
  pager.began();
  pager.failed(0);
  assert.equal(pager.due(2.5), undefined);
  assert.equal(pager.due(5), 0);
});
