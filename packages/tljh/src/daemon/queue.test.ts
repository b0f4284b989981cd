import { expect, test } from "vitest";
import { Queue, Shared } from "./queue.ts";

const tick = () => new Promise(setImmediate);

test("no more than the width runs at once, and the order is kept", async () => {
  const queue = new Queue(2);
  const order: number[] = [];
  let now = 0;
  let most = 0;
  const work = (id: number) => async () => {
    order.push(id);
    most = Math.max(most, ++now);
    await tick();
    now--;
  };
  await Promise.all([1, 2, 3, 4, 5].map((id) => queue.run(work(id))));
  expect([most, order]).toEqual([2, [1, 2, 3, 4, 5]]);
});

test("work that fails makes room for the next", async () => {
  const queue = new Queue();
  const failing = queue.run(() => Promise.reject(new Error("no")));
  const next = queue.run(async () => "next");
  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe("next");
});

test("work of the same name is shared while it runs, and done anew afterwards", async () => {
  const shared = new Shared<number>();
  let runs = 0;
  const work = async () => {
    await tick();
    return ++runs;
  };
  expect(await Promise.all([shared.run("a", work), shared.run("a", work)])).toEqual([1, 1]);
  expect(await shared.run("a", work)).toBe(2);
});
