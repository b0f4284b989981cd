import { execFileSync } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TljhError } from "../errors/error.ts";
import { hub, ports } from "./answers.ts";
import { certificate } from "./certificate.ts";
import { runChecks, worst } from "./check.ts";
import { doctorChecks, planCheck } from "./checks.ts";
import { configuration } from "./configuration.ts";
import { disk } from "./disk.ts";
import { environments } from "./environments.ts";
import { findingsOf, NOW, running, type Sick, withServer } from "./fixtures.ts";
import { daemon, services } from "./services.ts";

const everything = (sick: Sick = {}) =>
  withServer(sick, async (context) => {
    const all = [];
    for await (const checked of runChecks([...doctorChecks, planCheck], context)) all.push(checked);
    return all;
  });

const stopped = { ...running, active: false, state: "inactive", since: null };
const only = (unit: string, found: object) => ({
  unit: async (name: string) => (name === unit ? { ...running, ...found } : running),
});

describe("a server that is well", () => {
  it("gives an ok for every check, each with what was seen", async () => {
    const all = await everything();
    expect(all.map(({ id }) => id)).toEqual([...doctorChecks, planCheck].map(({ id }) => id));
    expect(all.flatMap(({ findings }) => findings).filter(({ status }) => status !== "ok")).toEqual(
      [],
    );
    expect(all.every(({ findings }) => findings.length > 0)).toBe(true);
  });
});

describe("a check", () => {
  it("that fails for a reason nobody has thought of is itself a finding, and the others are made", async () => {
    const run = () => Promise.reject(new TypeError("x is not a function"));
    const all = await everything({ machine: { run } });
    expect(all).toHaveLength(doctorChecks.length + 1);
    expect(all.filter(({ findings }) => worst(findings) !== "ok")).toMatchObject([
      {
        id: "environments",
        findings: [
          {
            status: "error",
            code: "HEALTH_LOOK_FAILED",
            message: "It could not be looked at: x is not a function",
            remedy: expect.stringContaining("defect of the program"),
          },
        ],
      },
    ]);
  });

  it("that stumbles over what another has told already does not tell it again", async () => {
    const all = await everything({ config: "http: {port: x}\n" });
    const wrong = all.filter(({ findings }) => worst(findings) !== "ok");
    expect(wrong.map(({ id, findings }) => [id, worst(findings)])).toEqual([
      ["configuration", "error"],
      ["ports", "warning"],
      ["certificate", "warning"],
      ["hub", "warning"],
    ]);
    expect(wrong[0]?.findings[0]?.message).toContain('http.port is "x"');
    expect(wrong[1]?.findings[0]?.message).toContain("because of an error that is told above");
  });
});

describe("the configuration", () => {
  it("is told with line and remedy where keys are doubtful or not whole", async () => {
    const config = "limit: {memory: 1G}\nhttps:\n  enabled: true\n";
    expect(await findingsOf(configuration, { config })).toMatchObject([
      { status: "warning", message: "limit: did you mean limits? (line 1)" },
      {
        status: "error",
        message: expect.stringMatching(/^https\.enabled is true, .* \(line 3\)$/),
      },
    ]);
  });
});

describe("services", () => {
  it("that are not there, are down, or keep failing are told by name, with the journal", async () => {
    const found = async (unit: string, state: object) =>
      (
        await findingsOf(services, {
          machine: { ...only(unit, state), journal: async () => "port 80 is taken" },
        })
      ).filter(({ status }) => status !== "ok");
    const failed = { ...stopped, state: "failed" };
    expect(await found("tljh-proxy.service", failed)).toEqual([
      {
        status: "error",
        message: "The proxy is not running: tljh-proxy.service is failed",
        cause: "port 80 is taken",
        remedy:
          "Start it: sudo systemctl restart tljh-proxy.service. What it said: sudo journalctl -u tljh-proxy.service",
      },
    ]);
    expect(await found("tljhd.socket", { known: false })).toMatchObject([
      {
        status: "error",
        message: "The daemon's socket is not installed: systemd knows no tljhd.socket",
      },
    ]);
    expect(await found("jupyterhub.service", { enabled: false, restarts: 7 })).toMatchObject([
      { status: "warning", remedy: "Let it: sudo systemctl enable jupyterhub.service" },
      { status: "warning", message: expect.stringContaining("ended unexpectedly 7 times") },
    ]);
  });

  it("that somebody has stopped have nothing to say about it", async () => {
    const machine = { ...only("jupyterhub.service", stopped), journal: async () => "Stopped." };
    const findings = await findingsOf(services, { machine });
    expect(findings.at(-1)).not.toHaveProperty("cause");
  });

  it("say since when they run", async () => {
    expect((await findingsOf(services))[3]?.message).toBe(
      "JupyterHub runs since 2026-11-25 13:30 (2 hours)",
    );
  });

  it("include a daemon that answers, and is of this version", async () => {
    const ping = async () => "0.0.1";
    expect(await findingsOf(daemon, { machine: { ping } })).toMatchObject([
      { status: "warning", message: expect.stringContaining("is of version 0.0.1") },
    ]);
    const silent = () => Promise.reject(new TljhError("X", { message: "nobody", remedy: "y" }));
    expect(await findingsOf(daemon, { machine: { ping: silent } })).toMatchObject([
      { status: "error", message: "The daemon does not answer", cause: "nobody" },
    ]);
  });
});

describe("ports and the hub", () => {
  it("are told apart: a proxy that is down, another program in its place, a hub that is silent", async () => {
    const closed = {
      listens: async () => false,
      status: async (url: string) => (url.includes(":15001/") ? 200 : "ECONNREFUSED"),
    };
    expect(await findingsOf(ports, { machine: closed })).toMatchObject([
      { status: "error", message: "Nothing listens on port 80" },
    ]);
    const down = { ...only("tljh-proxy.service", stopped), ...closed };
    expect(await findingsOf(ports, { machine: down })).toMatchObject([
      { status: "warning", message: "Port 80 is closed while the proxy does not run" },
    ]);
    expect(await findingsOf(hub, { machine: closed })).toMatchObject([
      {
        status: "error",
        message:
          "JupyterHub runs, but does not answer through the proxy at http://127.0.0.1:80/hub/api",
        cause: "ECONNREFUSED",
        remedy: expect.stringContaining("sudo systemctl restart tljh-proxy.service"),
      },
    ]);
    const taken = {
      ...only("tljh-proxy.service", stopped),
      holder: async () => "nginx (process 8)",
    };
    expect(await findingsOf(ports, { machine: taken })).toMatchObject([
      { status: "error", message: "Port 80 is taken by nginx (process 8)" },
    ]);
    const silent = { status: async () => 503, journal: async () => "Traceback" };
    expect(await findingsOf(hub, { machine: silent })).toMatchObject([
      {
        status: "error",
        message: "JupyterHub does not answer",
        cause: "it answers with HTTP status 503\nTraceback",
      },
    ]);
  });

  it("are looked at with the settings that the proxy was told", async () => {
    expect(await findingsOf(ports, { config: "http: {port: 8080}\n" })).toMatchObject([
      { status: "ok", message: "Port 8080 is open" },
      { status: "warning", remedy: "Tell it: sudo tljh-config reload proxy" },
    ]);
  });
});

describe("a certificate", () => {
  async function withCertificate(days: number) {
    const folder = await mkdtemp(join(tmpdir(), "tljh-tls-"));
    const [key, cert] = [join(folder, "a.key"), join(folder, "a.cert")];
    const args = [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-subj",
      "/CN=hub",
      "-days",
      "30",
    ];
    execFileSync("openssl", [...args, "-keyout", key, "-out", cert], { stdio: "ignore" });
    const config = `https:\n  enabled: true\n  tls: {key: ${key}, cert: ${cert}}\n`;
    const now = () => new Date(Date.now() + days * 86_400_000);
    return { config, cert, found: await findingsOf(certificate, { config, machine: { now } }) };
  }

  it.each([
    [1, "ok", /is good until \d{4}-/],
    [20, "warning", /^It ends on .*, in \d+ days$/],
    [31, "error", /^It ended on /],
    [-1, "error", /^It counts only from /],
  ])("%d days after it was made is %s", async (days, status, message) => {
    const { found } = await withCertificate(days);
    expect(found).toMatchObject([{ status, message: expect.stringMatching(message) }]);
  });

  it("that cannot be read is told with what to do", async () => {
    const { config, cert } = await withCertificate(1);
    await writeFile(cert, "x");
    expect(await findingsOf(certificate, { config })).toMatchObject([
      {
        status: "error",
        message: expect.stringContaining(cert),
        remedy: expect.stringContaining("PEM"),
      },
    ]);
  });
});

describe("environments", () => {
  it("that do not start are told with what they said", async () => {
    const run = async (file: string) =>
      file.includes("singleuser")
        ? { exitCode: 1, stdout: "", stderr: "ImportError: jupyter_server" }
        : { exitCode: 0, stdout: "5.2.1\n", stderr: "" };
    expect(await findingsOf(environments, { machine: { run } })).toMatchObject([
      { status: "ok", message: "The hub's environment starts (JupyterHub 5.2.1)" },
      {
        status: "error",
        message: expect.stringMatching(
          /^The users' environment does not start: .*jupyterhub-singleuser --version failed$/,
        ),
        cause: "ImportError: jupyter_server",
        remedy: "Have it mended: sudo tljh apply",
      },
    ]);
  });

  it("must have JupyterHubs that go together", async () => {
    const run = async (file: string) => ({
      exitCode: 0,
      stdout: file.includes("singleuser") ? "4.1.0" : "5.2.1",
      stderr: "",
    });
    expect((await findingsOf(environments, { machine: { run } })).at(-1)).toMatchObject({
      status: "error",
      message: expect.stringContaining("5.2.1 and the users' environment 4.1.0"),
    });
  });
});

describe("the disk", () => {
  const found = (given: object) =>
    findingsOf(disk, {
      machine: {
        disk: async () => ({
          device: 1,
          free: 50e9,
          size: 100e9,
          freeFiles: 5,
          files: 0,
          ...given,
        }),
      },
    });

  it.each([
    [{}, "ok", /^50\.0 GB of 100\.0 GB are free at /],
    [{ free: 400e6 }, "error", /^400 MB of 100\.0 GB are free at .*, and 500 MB are needed$/],
    [{ free: 3e9 }, "warning", /^Only 3\.0 GB of 100\.0 GB are free/],
    [{ free: 900e6, size: 2e9 }, "warning", /^Only 900 MB/],
    [{ files: 1e6 }, "warning", /^Hardly any file can be made at .*: 5 of 1000000 are left$/],
  ])("with %j is %s", async (given, status, message) => {
    expect(await found(given)).toMatchObject([{ status, message: expect.stringMatching(message) }]);
  });

  it("is told once for each file system", async () => {
    let device = 0;
    const disks = {
      disk: async () => ({ device: device++ % 2, free: 50e9, size: 100e9, freeFiles: 0, files: 0 }),
    };
    expect(await findingsOf(disk, { machine: disks })).toHaveLength(2);
  });
});

describe("the plan", () => {
  it("is told in short where the server is not as wanted", async () => {
    const differences = Array.from({ length: 7 }, (_, i) => ({
      action: "add" as const,
      what: `p${i}`,
    }));
    const plan = async () => [
      { id: "a", title: "Packages", differences, unknown: null },
      { id: "b", title: "Fine", differences: [], unknown: null },
    ];
    expect(await findingsOf(planCheck, { plan })).toEqual([
      {
        status: "warning",
        message: "The server is not as it was asked to be",
        cause: "Packages: p0\nPackages: p1\nPackages: p2\nPackages: p3\nPackages: p4\nand 2 more",
        remedy: "See it all with sudo tljh plan, and have it done: sudo tljh apply",
      },
    ]);
  });
});

it("tells moments in the server's own time", async () => {
  expect(NOW.getHours()).toBe(15);
  const unit = async () => ({ ...running, since: NOW.getTime() - 26 * 3_600_000 });
  expect((await findingsOf(services, { machine: { unit } }))[0]?.message).toContain(
    "2026-11-24 13:30 (1 day)",
  );
});
