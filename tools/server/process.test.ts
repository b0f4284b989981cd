import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eachLine, isAlive, must, parseStat, processId, run } from "./process.ts";

async function linesOf(chunks: Buffer[]): Promise<string[]> {
  const lines: string[] = [];
  const stream = Readable.from(chunks, { objectMode: false });
  eachLine(stream, (line) => lines.push(line));
  await new Promise((resolve) => stream.on("end", resolve));
  return lines;
}

describe("the identity of a process", () => {
  test("survives blanks and brackets in its command", () => {
    const stat = `42 (a) b (c)) S ${Array.from({ length: 18 }, (_, index) => index).join(" ")} 777 0`;
    expect(parseStat(stat)).toEqual({ pid: 42, state: "S", start: "777" });
  });

  test("tells a process from a later one with the same number", () => {
    const own = processId(process.pid);
    expect(isAlive(own)).toBe(true);
    expect(isAlive({ pid: process.pid, start: "1" })).toBe(false);
    expect(isAlive(null)).toBe(false);
  });
});

describe("a program's output", () => {
  test("comes in the same lines however it is cut into pieces", () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), fc.nat(), async (text, seed) => {
        const bytes = Buffer.from(text);
        const cut = bytes.length === 0 ? 0 : seed % bytes.length;
        const expected = text.split("\n");
        if (expected.at(-1) === "") expected.pop();
        const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)];
        expect(await linesOf(pieces)).toEqual(expected);
      }),
    ));

  test("stands in the error of one that fails", async () => {
    const failing = must(["sh", "-c", "echo reason >&2; exit 4"]);
    await expect(failing).rejects.toThrow(/ended with 4:\nreason/);
  });
});

test("a program that is not there is an error that names it", async () => {
  await expect(run(["/none/such"])).rejects.toMatchObject({
    code: "SERVER_PROGRAM_UNSTARTED",
    message: expect.stringContaining("/none/such"),
  });
});

test("a program that a signal ended has the exit code a shell gives it", async () => {
  expect((await run(["sh", "-c", "kill -TERM $$"])).exitCode).toBe(143);
});
