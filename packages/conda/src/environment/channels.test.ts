import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeChannel } from "../../test/support/channel.ts";
import { testEnvironment } from "../../test/support/environment.ts";
import type { FixturePackage } from "../../test/support/package.ts";
import { type Handler, serveFolder, testServer } from "../../test/support/server.ts";
import { writeShards } from "../../test/support/shards.ts";
import { changeEnvironment } from "./change.ts";
import type { ChangeOptions } from "./options.ts";

const TOOL: FixturePackage = { name: "tool", files: { "share/tool.txt": "one" } };

/** An environment that gets its packages over HTTP, from copies of one channel. */
function testChannels(packages: readonly FixturePackage[] = [TOOL]) {
  const env = testEnvironment();
  const folder = join(env.root, "channel");
  const channel = writeChannel(folder, packages);
  const change = (channels: readonly string[], more: Partial<ChangeOptions> = {}) =>
    changeEnvironment({ ...env.options, channels, specs: ["tool"], ...more });
  return { env, folder, channel, change, served: serveFolder(folder, "/lab") };
}

/** Every file below a folder whose name or content has a text. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => {
    const file = join(folder, path);
    return path.includes(text) || (statSync(file).isFile() && readFileSync(file).includes(text));
  });
}

describe("a channel that asks who one is", { timeout: 60_000 }, () => {
  const asks =
    (isKnown: (request: Parameters<Handler>[0]) => boolean, serve: Handler): Handler =>
    (request, response) => {
      if (isKnown(request)) serve(request, response);
      else response.writeHead(401).end();
    };
  const basic = `Basic ${Buffer.from("ann:s3cr3t@word").toString("base64")}`;

  it.each([
    [
      "user and password",
      (url: string) => `${url.replace("//", "//ann:s3cr3t%40word@")}/lab`,
      (serve: Handler) => asks((request) => request.headers.authorization === basic, serve),
      "s3cr3t",
    ],
    [
      "a token",
      (url: string) => `${url}/t/tk-s3cr3t/lab`,
      (serve: Handler): Handler =>
        asks((request) => {
          const isKnown = request.url?.startsWith("/t/tk-s3cr3t/") === true;
          request.url = request.url?.replace("/t/tk-s3cr3t", "") ?? "";
          return isKnown;
        }, serve),
      "s3cr3t",
    ],
  ])("is given %s, which stand in no file and no event", async (_, written, wrap, secret) => {
    const { env, served, change } = testChannels();
    const server = await testServer(wrap(served));
    await change([written(server.url)], { specs: ["tool"], command: "tljh apply" });
    expect(env.read("share/tool.txt")).toBe("one");
    expect(filesWith(env.root, secret)).toEqual([]);
    expect(JSON.stringify(env.events)).not.toContain(secret);
    expect(env.read("conda-meta/tool-1.0-0.json")).toContain(
      `"channel": "${server.url}/lab/linux-64"`,
    );
  });

  it("refuses, in words without the password, whoever is not known", async () => {
    const { served, change } = testChannels();
    const server = await testServer(asks(() => false, served));
    const url = `${server.url.replace("//", "//ann:s3cr3t@")}/lab`;
    const error: Error = await change([url]).catch((reason) => reason);
    expect(error).toMatchObject({ code: "CONDA_CHANNEL_FORBIDDEN" });
    expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain("s3cr3t");
  });

  it("is not known to another server that it sends requests to", async () => {
    const { served, change } = testChannels();
    const seen: unknown[] = [];
    const other = await testServer((request, response) => {
      seen.push(request.headers.authorization);
      served(request, response);
    });
    const server = await testServer((request, response) => {
      response.writeHead(302, { location: `${other.url}${request.url}` }).end();
    });
    await change([`${server.url.replace("//", "//ann:s3cr3t@")}/lab`]);
    expect(new Set(seen)).toEqual(new Set([undefined]));
  });
});

describe("without a network", { timeout: 60_000 }, () => {
  it("an environment is made of what was fetched before", async () => {
    const { env, served, change } = testChannels();
    const server = await testServer(served);
    await change([`${server.url}/lab`]);
    await server.close();
    const { records } = await change([`${server.url}/lab`], { prefix: join(env.root, "second") });
    expect(records.map(({ name }) => name)).toEqual(["tool"]);
    const warnings = env.events.filter((event) => event.type === "warning");
    expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(["CONDA_REPODATA_STALE"]));
  });
});

describe("mirrors of a channel", { timeout: 60_000 }, () => {
  it("are used in its place, and what is recorded is the channel", async () => {
    const { env, served, change } = testChannels();
    const [mirror, channel] = [await testServer(served), await testServer(served)];
    const url = `${channel.url}/lab`;
    await change([url], { mirrors: { [url]: [`${mirror.url}/lab`] } });
    expect(channel.requests).toEqual([]);
    expect(env.read("conda-meta/tool-1.0-0.json")).toContain(`"channel": "${url}/linux-64"`);
  });

  it("that are dead are left for the next, and that is said", async () => {
    const { env, served, change } = testChannels();
    const [dead, mirror] = [await testServer(() => {}), await testServer(served)];
    await dead.close();
    const url = "http://channel.invalid/lab";
    await change([url], { mirrors: { [url]: [`${dead.url}/lab`, `${mirror.url}/lab`] } });
    expect(env.read("share/tool.txt")).toBe("one");
    expect(env.events).toContainEqual(
      expect.objectContaining({
        code: "CONDA_MIRROR_LEFT",
        message: expect.stringMatching(dead.url),
      }),
    );
    expect(env.events.filter(({ type }) => type === "retry")).toEqual([]);
  });

  it("that break off in an archive have it continued by the next", async () => {
    const { env, folder, served, change } = testChannels();
    const archive = readFileSync(join(folder, "linux-64/tool-1.0-0.conda"));
    const breaking = await testServer((request, response) => {
      if (!request.url?.endsWith(".conda")) return served(request, response);
      response.writeHead(200, { "content-length": archive.length });
      response.write(archive.subarray(0, 100), () => response.destroy());
    });
    const ranges: unknown[] = [];
    const next = await testServer((request, response) => {
      const from = Number(/\d+/.exec(request.headers.range ?? "")?.[0] ?? 0);
      ranges.push(request.headers.range);
      const range = `bytes ${from}-${archive.length - 1}/${archive.length}`;
      response.writeHead(206, { "content-range": range }).end(archive.subarray(from));
    });
    const url = "http://channel.invalid/lab";
    await change([url], { mirrors: { [url]: [`${breaking.url}/lab`, `${next.url}/lab`] } });
    expect(env.read("share/tool.txt")).toBe("one");
    expect(ranges).toEqual(["bytes=100-"]);
  });

  it("that serve another file under a package's name are left for the next", async () => {
    const { env, served, change } = testChannels();
    const wrong = await testServer((request, response) => {
      if (request.url?.endsWith(".conda")) response.end("a login page");
      else served(request, response);
    });
    const right = await testServer(served);
    const url = "http://channel.invalid/lab";
    await change([url], { mirrors: { [url]: [`${wrong.url}/lab`, `${right.url}/lab`] } });
    expect(env.read("share/tool.txt")).toBe("one");
  });

  it("serve shards, each of them from the next where one does not answer", async () => {
    const { env, folder, channel, change } = testChannels();
    const files = new Map<string, Uint8Array>();
    for (const subdir of ["linux-64", "noarch"])
      for (const [path, bytes] of Object.entries(writeShards(subdir, channel.records)))
        files.set(`/lab/${subdir}/${path}`, bytes);
    const archives = serveFolder(folder, "/lab");
    const serve =
      (shards: number): Handler =>
      (request, response) => {
        const bytes = files.get(request.url ?? "");
        if (bytes === undefined) return archives(request, response);
        const status = request.url?.includes("/shards/") ? shards : 200;
        response.writeHead(status).end(status === 200 ? bytes : "");
      };
    const [half, whole] = [await testServer(serve(503)), await testServer(serve(200))];
    const url = "http://channel.invalid/lab";
    await change([url], { mirrors: { [url]: [`${half.url}/lab`, `${whole.url}/lab`] } });
    expect(env.read("share/tool.txt")).toBe("one");
    expect(whole.requests.filter((path) => path.includes("/shards/"))).toHaveLength(1);
  });

  it("that have nothing of it are left for the channel itself", async () => {
    const { env, change, served } = testChannels();
    const empty = await testServer((_, response) => void response.writeHead(404).end());
    const channel = await testServer(served);
    const url = `${channel.url}/lab`;
    await change([url], { mirrors: { [url]: [`${empty.url}/lab`] } });
    expect(env.read("share/tool.txt")).toBe("one");
  });
});

describe("channels", { timeout: 60_000 }, () => {
  it("come strictly in their order: the first that has a package is the one it is from", async () => {
    const { env, channel, change } = testChannels();
    const newer = writeChannel(join(env.root, "newer"), [{ ...TOOL, version: "9" }]);
    await change([channel.url, newer.url]);
    expect(readdirSync(join(env.prefix, "conda-meta"))).toContain("tool-1.0-0.json");
    await expect(change([channel.url, newer.url], { specs: ["tool>=9"] })).rejects.toMatchObject({
      code: "CONDA_UNSOLVABLE",
    });
  });
});

describe("a request", { timeout: 60_000 }, () => {
  const VERSIONS: readonly FixturePackage[] = [
    { name: "tool", version: "1.0", depends: ["lib <2"] },
    { name: "tool", version: "2.0", depends: ["lib >=2"] },
    { name: "lib", version: "1.0" },
    { name: "lib", version: "2.0" },
  ];
  const versions = (records: readonly { readonly name: string; readonly version: string }[]) =>
    Object.fromEntries(records.map(({ name, version }) => [name, version]));

  it("is met within what is pinned, and with what was asked for earlier", async () => {
    const { env, channel, change } = testChannels(VERSIONS);
    mkdirSync(join(env.prefix, "conda-meta"), { recursive: true });
    writeFileSync(join(env.prefix, "conda-meta/pinned"), "lib <2\n");
    const first = await change([channel.url]);
    expect(versions(first.records)).toEqual({ tool: "1.0", lib: "1.0" });
    writeFileSync(join(env.prefix, "conda-meta/pinned"), "");
    const second = await change([channel.url], { specs: ["lib"] });
    expect(versions(second.records)).toEqual({ tool: "1.0", lib: "1.0" });
  });

  it("that cannot be met is told with who asks: now, earlier, and for good", async () => {
    const { env, channel, change } = testChannels(VERSIONS);
    await change([channel.url], { specs: ["tool <2"] });
    writeFileSync(join(env.prefix, "conda-meta/pinned"), "lib <2\n");
    const reasons = { lib: "tljh-simple" };
    const request = change([channel.url], { specs: ["lib >=2"], reasons });
    await expect(request).rejects.toMatchObject({
      code: "CONDA_UNSOLVABLE",
      message: expect.stringMatching(
        /tljh-simple asks for lib >=2\.\nconda-meta\/pinned asks for lib <2\./,
      ),
    });
    writeFileSync(join(env.prefix, "conda-meta/pinned"), "");
    await expect(change([channel.url], { specs: ["lib >=2"], reasons })).rejects.toMatchObject({
      message: expect.stringContaining("conda-meta/history asks for tool <2."),
    });
  });
});
