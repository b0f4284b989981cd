import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fault, parseRange, serve } from "./serve.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "debforge-serve-"));
  await writeFile(join(directory, "index.html"), "page");
  await writeFile(join(directory, "ten.bin"), "0123456789");
});
afterAll(() => rm(directory, { recursive: true }));

async function withServer(faults: Fault[], work: (url: string) => Promise<void>): Promise<void> {
  const server = await serve({ directory, faults });
  try {
    await work(server.url);
  } finally {
    await server.close();
  }
}

describe("a range of bytes", () => {
  test.each([
    ["bytes=2-4", { start: 2, end: 4 }],
    ["bytes=7-", { start: 7, end: 9 }],
    ["bytes=-3", { start: 7, end: 9 }],
    ["bytes=0-99", { start: 0, end: 9 }],
    ["bytes=10-", "bad"],
    ["bytes=4-2", "bad"],
    ["bytes=0-1,3-4", undefined],
    ["lines=1-2", undefined],
  ])("%s of ten bytes is %o", (header, range) => {
    expect(parseRange(header, 10)).toEqual(range);
  });
});

test("Part of a file is answered with 206 and where it is", () =>
  withServer([], async (url) => {
    const answer = await fetch(`${url}/ten.bin`, { headers: { range: "bytes=3-5" } });
    expect(answer.status).toBe(206);
    expect(answer.headers.get("content-range")).toBe("bytes 3-5/10");
    expect(await answer.text()).toBe("345");
  }));

test("A file that is known by its tag is not sent again", () =>
  withServer([], async (url) => {
    const first = await fetch(`${url}/ten.bin`, { method: "HEAD" });
    expect(first.headers.get("content-length")).toBe("10");
    const headers = { "if-none-match": first.headers.get("etag") ?? "" };
    expect((await fetch(`${url}/ten.bin`, { headers })).status).toBe(304);
  }));

test("A folder is answered with its page, and nothing outside is reached", () =>
  withServer([], async (url) => {
    expect(await (await fetch(`${url}/`)).text()).toBe("page");
    expect((await fetch(`${url}/%2e%2e/%2e%2e/etc/passwd`)).status).toBe(404);
    expect((await fetch(`${url}/none`)).status).toBe(404);
  }));

test("A fault is shown as many times as it was asked for", () =>
  withServer([{ kind: "status", path: "/ten.bin", status: 503, times: 1 }], async (url) => {
    expect((await fetch(`${url}/ten.bin`)).status).toBe(503);
    expect((await fetch(`${url}/ten.bin`)).status).toBe(200);
  }));

test("A byte is damaged on request, also within a range", () =>
  withServer([{ kind: "damage", path: "/ten.bin", offset: 4 }], async (url) => {
    const answer = await fetch(`${url}/ten.bin`, { headers: { range: "bytes=3-5" } });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect([bytes[0], bytes[1], bytes[2]]).toEqual([0x33, 0x34 ^ 0xff, 0x35]);
  }));

test("A connection is cut in the middle on request", () =>
  withServer([{ kind: "cut", path: "/ten.bin", bytes: 4 }], async (url) => {
    const answer = await fetch(`${url}/ten.bin`);
    await expect(answer.arrayBuffer()).rejects.toThrow();
  }));
