import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TljhEvent } from "../../packages/tljh/src/events.ts";
import type { Sources } from "../../tools/demo/install.ts";
import type { Running, Server } from "../../tools/server/index.ts";
import { eachLine } from "../../tools/server/process.ts";
import { plainServer } from "../support/index.ts";

/** A moment of an installation, told by the event that begins it. */
interface Moment {
  readonly title: string;
  isReached(event: TljhEvent): boolean;
}

const step = (id: string): Moment => ({
  title: `at the beginning of ${id}`,
  isReached: (event) => event.type === "step.start" && event.step === id,
});

const phase = (environment: "hub" | "user", name: string, type = "phase.start"): Moment => ({
  title: `${environment} environment, ${name}`,
  isReached: (event) =>
    event.type === "conda" &&
    event.environment === environment &&
    event.event.type === type &&
    "phase" in event.event &&
    event.event.phase === name,
});

/** Each is later than the one before, so that every run must finish what the one before it left. */
const moments: readonly Moment[] = [
  step("program"),
  step("hub-environment"),
  phase("hub", "download", "phase.progress"),
  phase("hub", "compile"),
  phase("hub", "exchange"),
  step("configuration"),
  phase("user", "unpack", "phase.progress"),
  phase("user", "link", "phase.progress"),
  phase("user", "check"),
  phase("user", "exchange"),
  step("services"),
  step("hub-answers"),
];

/** Kills an installer that prints its events with -9 at a moment; says whether the moment came. */
async function killAt(running: Running, moment: Moment): Promise<boolean> {
  let reached = false;
  eachLine(running.child.stdout ?? Readable.from([]), (line) => {
    if (reached || !line.startsWith("{")) return;
    if (!moment.isReached(JSON.parse(line) as TljhEvent)) return;
    reached = true;
    running.kill("SIGKILL");
  });
  await running.ended;
  return reached;
}

describe("an installation that is killed", () => {
  let server: Server;
  let sources: Sources;

  const argv = () => [
    ...["/root/tljh/bin/tljh", "install", "--json", "--admin", "admin:a-long-password"],
    ...["--channel", sources.channel],
  ];

  /** Runs the installer and kills it with -9 at a moment; gives back whether the moment came. */
  async function installUntil(moment: Moment): Promise<boolean> {
    return killAt(await server.spawn(argv()), moment);
  }

  /** An environment is absent or whole: its Python runs and every file of its record is there. */
  async function expectWhole(prefix: string): Promise<void> {
    // An empty folder is what the last check was given to see the copy at its final path.
    const { stdout } = await server.run(["ls", "-A", prefix]);
    if (stdout === "") return;
    const check = `import glob, json, os, sys
records = [json.load(open(p)) for p in glob.glob(sys.prefix + "/conda-meta/*.json")]
missing = [f for r in records for f in r["files"] if not os.path.lexists(os.path.join(sys.prefix, f))]
print(len(records) > 10, missing[:5])`;
    expect(await server.must([`${prefix}/bin/python`, "-c", check])).toBe("True []\n");
  }

  beforeAll(async () => {
    ({ server, sources } = await plainServer());
  });
  afterAll(() => server?.destroy());

  test.each(moments)("leaves environments absent or whole: $title", async (moment) => {
    expect(await installUntil(moment)).toBe(true);
    await expectWhole("/opt/tljh/hub");
    await expectWhole("/opt/tljh/user");
  });

  test("is finished by running it again, and the server is whole", async () => {
    await server.must(argv());
    expect(await server.must(["tljh", "plan"])).toContain("Nothing to do");
    expect(await server.must(["curl", "-sf", "http://127.0.0.1/hub/api"])).toContain("version");
  });

  test("leaves nothing behind once it is finished", async () => {
    const names = (await server.must(["ls", "-A", "/opt/tljh"])).trim().split("\n").sort();
    const expected = ["app", "config", "hub", "installer.log", "pkgs", "plugins", "snapshots"];
    expect(names.filter((name) => !name.startsWith("."))).toEqual([...expected, "state", "user"]);
    expect(await server.must(["find", "/opt/tljh/pkgs", "-name", "*.partial*"])).toBe("");
  });

  test("that was changing an environment in use leaves it as it was", async () => {
    const history = "/opt/tljh/user/conda-meta/history";
    const before = await server.readFile(history);
    await server.writeFile("/root/more/package.json", morePackages.manifest);
    await server.writeFile("/root/more/more.js", morePackages.code);
    const running = await server.spawn([...argv(), "--plugin", "/root/more"]);
    expect(await killAt(running, phase("user", "link"))).toBe(true);
    expect(await server.readFile(history)).toBe(before);
    await expectWhole("/opt/tljh/user");
    await server.must([...argv(), "--plugin", "/root/more"]);
    await server.must(["/opt/tljh/user/bin/python", "-c", "import xarray"]);
  });
});

const morePackages = {
  manifest: JSON.stringify({
    name: "tljh-more",
    version: "1.0.0",
    type: "module",
    tljh: { plugins: { more: "./more.js" } },
  }),
  code: `import { hookimpl } from "tljh/hooks";
export const tljh_extra_user_conda_packages = hookimpl(() => ["xarray"]);
`,
};
