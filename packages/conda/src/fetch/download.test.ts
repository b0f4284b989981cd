import { createHash } from "node:crypto";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { testFolder } from "../../test/support/folder.ts";
import { serveFiles, testServer, withoutWaiting } from "../../test/support/server.ts";
import { createHttpClient } from "./client.ts";
import { type DownloadRequest, download } from "./download.ts";

const CONTENT = Buffer.from("0123456789".repeat(10_000));
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");

function testDownload(url: string, more: Partial<DownloadRequest> = {}) {
  const client = createHttpClient({ environment: {} });
  onTestFinished(() => client.close());
  const destination = join(testFolder(), "x.conda");
  const retries: number[] = [];
  const request = { url, destination, size: CONTENT.length, sha256: SHA256, ...more };
  const run = () =>
    download(request, {
      client,
      retry: withoutWaiting,
      onEvent: (event) => event.type === "retry" && retries.push(event.attempt),
    });
  return { run, retries, destination, partial: `${destination}.partial` };
}

/** Serves ranges, after doing something else for the first requests. */
function serveRanges(
  ...first: readonly ((request: IncomingMessage, response: ServerResponse) => void)[]
) {
  let count = 0;
  return (request: IncomingMessage, response: ServerResponse) => {
    const special = first[count];
    count += 1;
    if (special !== undefined) return special(request, response);
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const range = `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}`;
    response.writeHead(from > 0 ? 206 : 200, from > 0 ? { "content-range": range } : {});
    response.end(CONTENT.subarray(from));
  };
}

const breakOff = (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200, { "content-length": CONTENT.length });
  response.write(CONTENT.subarray(0, 50_000), () => response.destroy());
};

const status = (code: number) => (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(code).end("no");
};

describe("download", () => {
  it("writes the file under its name when it is complete", async () => {
    const server = await testServer(serveRanges());
    const { run, destination, partial } = testDownload(`${server.url}/x`);
    await run();
    expect(readFileSync(destination).equals(CONTENT)).toBe(true);
    expect(existsSync(partial)).toBe(false);
  });

  it("continues a download that broke off", async () => {
    const ranges: (string | undefined)[] = [];
    const serve = serveRanges(breakOff);
    const server = await testServer((request, response) => {
      ranges.push(request.headers.range);
      serve(request, response);
    });
    const { run, retries, destination } = testDownload(`${server.url}/x`);
    await run();
    expect(readFileSync(destination).equals(CONTENT)).toBe(true);
    expect(ranges[0]).toBeUndefined();
    expect(ranges[1]).toMatch(/^bytes=\d+-$/);
    expect(retries).toEqual([2]);
  });

  it("continues what an earlier run left", async () => {
    const server = await testServer(serveRanges());
    const { run, destination, partial } = testDownload(`${server.url}/x`);
    writeFileSync(partial, CONTENT.subarray(0, 99_990));
    await run();
    expect(readFileSync(destination).equals(CONTENT)).toBe(true);
  });

  it("asks for nothing when an earlier run left all of it", async () => {
    const server = await testServer(serveRanges());
    const { run, partial } = testDownload(`${server.url}/x`);
    writeFileSync(partial, CONTENT);
    await run();
    expect(server.requests).toEqual([]);
  });

  it("starts again where the server does not continue", async () => {
    const server = await testServer(serveRanges(status(416)));
    const { run, destination, partial } = testDownload(`${server.url}/x`);
    writeFileSync(partial, "other");
    await run();
    expect(readFileSync(destination).equals(CONTENT)).toBe(true);
  });

  it("starts again where the server sends all of it instead of the rest", async () => {
    const server = await testServer(serveFiles({ "/x": CONTENT }));
    const { run, destination, partial } = testDownload(`${server.url}/x`);
    writeFileSync(partial, CONTENT.subarray(0, 10));
    await run();
    expect(readFileSync(destination).equals(CONTENT)).toBe(true);
  });

  it("waits for a server that is overloaded", async () => {
    const server = await testServer(serveRanges(status(503), status(429)));
    const { run, retries } = testDownload(`${server.url}/x`);
    await run();
    expect(retries).toEqual([2, 3]);
  });

  it("fetches a wrong file once more", async () => {
    const wrong = Buffer.alloc(CONTENT.length, "x");
    const server = await testServer(serveRanges((_, response) => void response.end(wrong)));
    const { run, destination } = testDownload(`${server.url}/x`);
    await run();
    expect(readFileSync(destination).equals(CONTENT)).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  it("says what was expected and found when the file is wrong twice, and leaves nothing", async () => {
    const server = await testServer(serveFiles({ "/x": Buffer.alloc(CONTENT.length, "x") }));
    const { run, destination, partial } = testDownload(`${server.url}/x`);
    await expect(run()).rejects.toMatchObject({
      code: "CONDA_PACKAGE_DAMAGED",
      message: expect.stringMatching(
        `/x arrived damaged: its sha256 should be ${SHA256}, but is [0-9a-f]{64}`,
      ),
    });
    expect([destination, partial].map(existsSync)).toEqual([false, false]);
  });

  it("does not read on when more comes than there should be", async () => {
    const server = await testServer(serveFiles({ "/x": Buffer.concat([CONTENT, CONTENT]) }));
    await expect(testDownload(`${server.url}/x`).run()).rejects.toMatchObject({
      message: expect.stringContaining("its size should be 100000 bytes"),
    });
  });

  it("checks the md5 where there is no sha256", async () => {
    const server = await testServer(serveRanges());
    const { run } = testDownload(`${server.url}/x`, { sha256: undefined, md5: "0".repeat(32) });
    await expect(run()).rejects.toMatchObject({
      message: expect.stringContaining("its md5 should be 000"),
    });
  });

  it("says that the channel does not have the file", async () => {
    const server = await testServer(serveFiles({}));
    const { run } = testDownload(`${server.url}/x`);
    await expect(run()).rejects.toMatchObject({ code: "CONDA_PACKAGE_NOT_FOUND" });
    expect(server.requests).toHaveLength(1);
  });

  it("says why when the server cannot be reached, and keeps what has come", async () => {
    const server = await testServer(breakOff);
    const { run, partial } = testDownload(`${server.url}/x`);
    await expect(run()).rejects.toMatchObject({ code: "CONDA_DOWNLOAD_FAILED" });
    expect(existsSync(partial)).toBe(true);
    await server.close();
    await expect(run()).rejects.toMatchObject({ message: expect.stringContaining("ECONNREFUSED") });
  });

  it("follows redirects", async () => {
    const files = serveFiles({ "/real": CONTENT });
    const server = await testServer((request, response) => {
      if (request.url === "/x") response.writeHead(302, { location: "/real" }).end();
      else files(request, response);
    });
    await expect(testDownload(`${server.url}/x`).run()).resolves.toBeUndefined();
  });

  it("sends user and password of the URL, and shows neither", async () => {
    let seen: string | undefined;
    const server = await testServer((request, response) => {
      seen = request.headers.authorization;
      response.writeHead(404).end();
    });
    const url = server.url.replace("http://", "http://ann:s%40crt@");
    await expect(testDownload(`${url}/x`).run()).rejects.toMatchObject({
      message: expect.not.stringContaining("crt"),
    });
    expect(Buffer.from(seen?.replace("Basic ", "") ?? "", "base64").toString()).toBe("ann:s@crt");
  });

  it("copies from a file: URL", async () => {
    const source = join(testFolder(), "source");
    writeFileSync(source, CONTENT);
    const { run, destination } = testDownload(pathToFileURL(source).href);
    await run();
    expect(readFileSync(destination).equals(CONTENT)).toBe(true);
  });

  it("says that the disk is full", async () => {
    const source = join(testFolder(), "source");
    writeFileSync(source, CONTENT);
    const { run, partial } = testDownload(pathToFileURL(source).href);
    // The kernel gives ENOSPC to whoever writes to /dev/full; the link alone is what may be removed.
    symlinkSync("/dev/full", partial);
    await expect(run()).rejects.toMatchObject({ code: "CONDA_DISK_FULL" });
  });
});
