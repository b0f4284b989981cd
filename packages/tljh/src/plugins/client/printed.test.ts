import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { Printed } from "./printed.ts";

function printing() {
  const lines: string[] = [];
  const printed = new Printed((line) => void lines.push(line));
  const stream = new PassThrough();
  printed.follow(stream);
  const end = () => new Promise<void>((resolve) => stream.end(resolve).on("close", resolve));
  return { lines, printed, stream, end };
}

it("passes lines on whole, however they arrive, and the last one without its end", async () => {
  const { lines, stream, end } = printing();
  for (const piece of ["on", "e\ntwo\nthr", "ee"]) stream.write(piece);
  await end();
  expect(lines).toEqual(["one", "two", "three"]);
});

it("keeps a character whole that arrives in two pieces", async () => {
  const { lines, stream, end } = printing();
  const [first, ...rest] = Buffer.from("ä\n");
  stream.write(Buffer.from([first ?? 0]));
  stream.write(Buffer.from(rest));
  await end();
  expect(lines).toEqual(["ä"]);
});

it("cuts lines that do not end", async () => {
  const { lines, stream, end } = printing();
  for (let pieces = 0; pieces < 10; pieces++) stream.write("x".repeat(6_000));
  await end();
  expect(lines.map((line) => line.length)).toEqual([10_001, 10_001, 10_001, 10_001, 10_001]);
});

it("passes on two million characters of each request, and says that there is more", async () => {
  const { lines, printed, stream, end } = printing();
  for (let count = 0; count < 300; count++) stream.write(`${"x".repeat(9_999)}\n`);
  await expect.poll(() => lines.length).toBe(200);
  expect(lines.at(-1)).toBe("… (a plugin prints too much: the rest is left out)");
  printed.begin();
  stream.write("again\n");
  await end();
  expect(lines.slice(200)).toEqual(["again"]);
});

it("knows the last lines of a request, shortened, and without blank ones", async () => {
  const { printed, stream } = printing();
  stream.write("before\n");
  await expect.poll(() => printed.last()).toEqual(["before"]);
  printed.begin();
  stream.write(`${"x".repeat(500)}\n\nlast`);
  await expect.poll(() => printed.last()).toEqual([`${"x".repeat(300)}…`, "last"]);
});

it("has what came before the beginning of a request that was waiting, if there is nothing else", async () => {
  const { printed, stream } = printing();
  stream.write("early\n");
  await expect.poll(() => printed.last()).toEqual(["early"]);
  printed.begin(true);
  expect(printed.last()).toEqual(["early"]);
  stream.write("own\n");
  await expect.poll(() => printed.last()).toEqual(["own"]);
  printed.begin();
  expect(printed.last()).toEqual([]);
});
