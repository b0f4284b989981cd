import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hubUrl } from "../../hub/answers.ts";
import { run } from "../tljh-config.ts";
import { services as real, type Services } from "./services.ts";

let prefix = "";
beforeEach(async () => {
  prefix = await mkdtemp(join(tmpdir(), "tljh-reload-"));
  await mkdir(join(prefix, "config"));
  await mkdir(join(prefix, "state"));
  vi.stubEnv("TLJH_INSTALL_PREFIX", prefix);
});
afterEach(() => vi.unstubAllEnvs());

/** A machine whose clock goes on by a second with each look. */
function machine(differences: Partial<Services> = {}) {
  const done: string[] = [];
  let clock = 0;
  const services: Services = {
    prepareHub: async () => [],
    checkTls: async () => {},
    hasSystemd: async () => true,
    restart: async (unit) => void done.push(`restart ${unit}`),
    run: async () => ({ state: "active", restarts: 0, isBetweenStarts: false }),
    journal: async () => "it hurts",
    proxyNow: real.proxyNow,
    status: async (url) => {
      done.push(url);
      return 200;
    },
    listens: async (host, port) => {
      done.push(`${host} ${port}`);
      return true;
    },
    pause: async () => {},
    now: () => {
      clock += 1000;
      return clock;
    },
    ...differences,
  };
  return { services, done };
}

async function reload(config: string, services: Services, argv: string[] = [], user = 0) {
  await writeFile(join(prefix, "config", "config.yaml"), config);
  const out: unknown[] = [];
  const err: string[] = [];
  const io = { terminal: false, color: false, user };
  const code = await run(
    ["reload", ...argv],
    { ...io, out: (text) => void out.push(text), err: (text) => void err.push(text) },
    services,
  );
  return { code, out: out.join(""), err: err.join("") };
}

describe("tljh-config reload", () => {
  it("restarts the hub alone and waits until it answers", async () => {
    const answers = ["connect ECONNREFUSED", 503, 200];
    const { services, done } = machine({ status: async () => answers.shift() ?? 0 });
    expect(await reload("base_url: /x\n", services)).toEqual({
      code: 0,
      out: "Hub reload with new configuration complete\n",
      err: "",
    });
    expect([done, answers]).toEqual([["restart jupyterhub.service"], []]);
  });

  it("asks where the proxy listens now, and tells that it must be reloaded too", async () => {
    const { services, done } = machine();
    await reload("", services, ["proxy"]);
    done.length = 0;
    const { code, err } = await reload("http: {port: 8080}\n", services, ["hub"]);
    expect([code, err]).toEqual([0, expect.stringContaining("sudo tljh-config reload proxy")]);
    expect(done.at(-1)).toBe("http://127.0.0.1:80/hub/api");
  });

  it("tells which plugins take no part", async () => {
    const prepareHub = async () => [{ plugin: "simplest", error: new Error("it broke") }];
    const { err } = await reload("", machine({ prepareHub }).services);
    expect(err).toBe("note: the plugin simplest takes no part: it broke\n");
  });

  it.each([
    ["limits: {memory: banana}", 'limits.memory is "banana"'],
    ["https: {enabled: true}", "neither https.tls nor https.letsencrypt is set"],
    [
      "https: {enabled: true, letsencrypt: {email: a@b, domains: [c.d]}}",
      "does not get certificates from Let's Encrypt",
    ],
    ["a: [", "is not valid YAML"],
  ])("leaves the hub running when config.yaml is wrong: %s", async (config, message) => {
    const { services, done } = machine();
    for (const component of ["hub", "proxy"]) {
      const { code, err } = await reload(config, services, [component]);
      expect([code, err]).toEqual([1, expect.stringContaining(message)]);
    }
    expect(done).toEqual([]);
  });

  it.each<[string, Partial<Services>, string, string]>([
    [
      "does not start",
      { restart: () => Promise.reject(new Error("exit code 1")) },
      "error: jupyterhub.service did not start with the new configuration\ncause: exit code 1",
      "HUB_RESTART_FAILED",
    ],
    [
      "failed",
      {
        status: async () => 503,
        run: async () => ({ state: "failed", restarts: 0, isBetweenStarts: false }),
      },
      "it hurts",
      "HUB_KEEPS_FAILING",
    ],
    [
      "keeps failing",
      {
        status: async () => 503,
        run: async () => ({ state: "activating", restarts: 2, isBetweenStarts: true }),
      },
      "systemd has restarted it 2 times. Its last words:\n  it hurts",
      "HUB_KEEPS_FAILING",
    ],
    [
      "is silent",
      { status: async () => 503 },
      "http://127.0.0.1:80/hub/api did not answer within 5 seconds (HTTP status 503). Its last words:\n  it hurts",
      "HUB_NOT_READY",
    ],
    [
      "cannot be reached",
      { status: async () => "ECONNREFUSED", journal: async () => "" },
      "within 5 seconds (ECONNREFUSED)\n",
      "HUB_NOT_READY",
    ],
    [
      "is not run by systemd",
      { hasSystemd: async () => false },
      "jupyterhub.service cannot be restarted: systemd does not run here",
      "HUB_SYSTEMD_MISSING",
    ],
  ])("says why, and what to look at, when the hub %s", async (_, differences, message, name) => {
    const { code, out, err } = await reload("", machine(differences).services, ["--timeout=5"]);
    expect([code, out, err]).toEqual([1, "", expect.stringContaining(message)]);
    expect(err).toContain("what to do: ");
    expect(err).toContain(`code: ${name}\n`);
  });

  it("is for root", async () => {
    expect(await reload("", machine().services, [], 1000)).toMatchObject({
      code: 1,
      err: expect.stringContaining(
        "tljh-config needs root privileges to run\nwhat to do: Try using sudo",
      ),
    });
  });
});

describe("tljh-config reload proxy", () => {
  it("writes what the proxy is told, restarts it and waits until it listens", async () => {
    const { services, done } = machine();
    const pem = join(prefix, "x.pem");
    await writeFile(pem, "");
    const config = `http: {address: '::'}\nhttps: {enabled: true, tls: {key: ${pem}, cert: ${pem}}}\n`;
    expect(await reload(config, services, ["proxy"])).toEqual({
      code: 0,
      out: "Proxy reload with new configuration complete\n",
      err: "",
    });
    expect(done).toEqual(["restart tljh-proxy.service", "::1 80", "127.0.0.1 443"]);
    expect(JSON.parse(await readFile(join(prefix, "state", "proxy.json"), "utf8"))).toMatchObject({
      https: { port: 443, key: pem },
    });
  });

  it("leaves the proxy that runs as it is when key and certificate do not fit", async () => {
    const { services, done } = machine({ checkTls: () => Promise.reject(new Error("no match")) });
    const { code, err } = await reload("", services, ["proxy"]);
    expect([code, err]).toEqual([1, expect.stringContaining("no match")]);
    expect(done).toEqual([]);
    await expect(readFile(join(prefix, "state", "proxy.json"))).rejects.toThrow("ENOENT");
  });

  it.each<[Partial<Services>, string, string]>([
    [
      { listens: async () => false },
      "nothing listens at 127.0.0.1:80 after 120 seconds. Its last words:\n  it hurts",
      "HUB_PROXY_NOT_READY",
    ],
    [
      { restart: () => Promise.reject(new Error("no")) },
      "tljh-proxy.service did not start",
      "HUB_RESTART_FAILED",
    ],
  ])("says why it failed", async (differences, message, name) => {
    const { code, err } = await reload("", machine(differences).services, ["proxy"]);
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
    expect(err).toContain(`code: ${name}\n`);
  });
});

describe("the machine", () => {
  const listener = { address: "", port: 80 };
  const proxy = {
    version: 1,
    http: listener,
    https: null,
    api: listener,
    hub: "",
    baseUrl: "/",
  } as const;

  it.each([
    [{}, "/", "http://127.0.0.1:80/hub/api"],
    [{ http: { address: "10.0.0.1", port: 8080 } }, "/x/", "http://10.0.0.1:8080/x/hub/api"],
    [{ http: { address: "::", port: 80 } }, "/", "http://[::1]:80/hub/api"],
    [
      { https: { address: "0.0.0.0", port: 443, key: "", cert: "" } },
      "/",
      "https://127.0.0.1:443/hub/api",
    ],
  ])("asks %j with %s at %s", (difference, baseUrl, url) => {
    expect(hubUrl({ ...proxy, ...difference }, baseUrl)).toBe(url);
  });

  it("sees whether something listens, and what it answers", async () => {
    const server = createServer((_, response) => response.writeHead(418).end());
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    expect(await real.listens("127.0.0.1", port)).toBe(true);
    expect(await real.status(`http://127.0.0.1:${port}/`)).toBe(418);
    expect(await real.status(`https://127.0.0.1:${port}/`)).toEqual(expect.any(String));
    await new Promise((done) => server.close(done));
    expect(await real.listens("127.0.0.1", port)).toBe(false);
    expect(await real.status(`http://127.0.0.1:${port}/`)).toContain("ECONNREFUSED");
  });

  it("knows nothing of the proxy before it was ever told something", async () => {
    expect(await real.proxyNow(join(prefix, "none"))).toBe(null);
  });

  it("writes JupyterHub's configuration with the plugins there are", async () => {
    const { defaults } = await import("../../config/schema.ts");
    const { serverPaths } = await import("../../system/paths.ts");
    expect(await real.prepareHub(defaults, serverPaths())).toEqual([]);
    const text = await readFile(join(prefix, "state", "jupyterhub-config.json"), "utf8");
    expect(JSON.parse(text)).toMatchObject({ version: 1 });
  });
});
