import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HubUser, installedCopy, type ServerUnderTest } from "../support/index.ts";
import type { Kernel } from "../support/kernel.ts";

const CLASS = 5;

/** Asks for a version of a package that no server has of itself. */
const asking = (spec: string) => `import { hookimpl } from "tljh/hooks";
export const tljh_extra_user_conda_packages = hookimpl(() => ["${spec}"]);
`;

/** A seat in the class: a kernel that counts, and what it has counted to. */
interface Seat {
  readonly user: HubUser;
  readonly kernel: Kernel;
  beats: number;
}

let under: ServerUnderTest;
let seats: Seat[] = [];

const must = (...argv: readonly string[]) => under.server.must(argv);

/** What a new process of a student's finds; null where there is none. */
async function greeting(): Promise<string | null> {
  const code = "import forge_hello; print(forge_hello.version)";
  const { exitCode, stdout } = await under.server.run(["/opt/tljh/user/bin/python", "-c", code]);
  return exitCode === 0 ? stdout.trim() : null;
}

async function generation(): Promise<number> {
  const all = JSON.parse(await must("tljh", "env", "history", "--json")) as { number: number }[];
  return all.at(-1)?.number ?? 0;
}

async function writePlugin(spec: string): Promise<string> {
  const folder = "/root/plugins/tljh-greeter";
  const tljh = { plugins: { greeter: "./plugin.js" } };
  const manifest = { name: "tljh-greeter", version: "1.0.0", type: "module", tljh };
  await under.server.writeFile(`${folder}/package.json`, JSON.stringify(manifest));
  await under.server.writeFile(`${folder}/plugin.js`, asking(spec));
  return folder;
}

/** Every kernel goes on counting from where it was, and loads a module that it has not loaded before. */
async function beat(): Promise<void> {
  await Promise.all(
    seats.map(async (seat) => {
      seat.beats += 1;
      const code = `beats += 1; importlib.reload(json.decoder); print(beats)`;
      const { stdout, error } = await seat.kernel.run(code);
      expect([stdout, error]).toEqual([`${seat.beats}\n`, null]);
    }),
  );
}

/** Changes the environment while the class goes on; the kernels are those of the beginning. */
async function whileTheClassWorks(change: Promise<unknown>): Promise<void> {
  let isOver = false;
  const done = change.finally(() => {
    isOver = true;
  });
  done.catch(() => {});
  do await beat();
  while (!isOver);
  await done;
  await beat();
  expect(seats.every(({ kernel }) => kernel.isOpen)).toBe(true);
}

beforeAll(async () => {
  under = await installedCopy();
  for (let seat = 0; seat < CLASS; seat += 1) {
    const user = await under.student();
    await user.startServer();
    const kernel = await user.openKernel();
    await kernel.run("import importlib, json; beats = 0");
    seats = [...seats, { user, kernel, beats: 0 }];
  }
});
afterAll(async () => {
  for (const { kernel } of seats) await kernel[Symbol.asyncDispose]();
  await under?.server.destroy();
});

describe("while five students work", () => {
  let before = 0;

  test("a package is added, and all can import it", async () => {
    before = await generation();
    await must("tljh", "env", "verify");
    expect(await greeting()).toBeNull();
    const folder = await writePlugin("forge-hello=1.0");
    await whileTheClassWorks(must("tljh", "plugin", "add", folder));
    expect(await greeting()).toBe("1.0");
    expect(await generation()).toBe(before + 1);
    for (const { kernel } of seats)
      expect(await kernel.run("import forge_hello; print(forge_hello.version)")).toMatchObject({
        stdout: "1.0\n",
      });
  });

  test("it is exchanged for another version: new processes have it, kernels keep what they have loaded", async () => {
    const folder = await writePlugin("forge-hello=2.0");
    await whileTheClassWorks(must("tljh", "plugin", "add", folder));
    expect(await greeting()).toBe("2.0");
    const { stdout } = (await seats[0]?.kernel.run("print(forge_hello.version)")) ?? {};
    expect(stdout).toBe("1.0\n");
  });

  test("the environment goes back to the generation before", async () => {
    await whileTheClassWorks(must("tljh", "env", "rollback"));
    expect(await greeting()).toBe("1.0");
  });

  test("it is removed", async () => {
    await whileTheClassWorks(must("tljh", "plugin", "remove", "--yes", "greeter"));
    expect(await greeting()).toBeNull();
  });

  test("and is back with one command, with every file as it should be", async () => {
    await whileTheClassWorks(must("tljh", "env", "rollback", String(before + 1)));
    expect(await greeting()).toBe("1.0");
    await must("tljh", "env", "verify");
  });

  test("one who starts a server anew has what is there now", async () => {
    const [{ user, kernel } = seats[0] as Seat] = seats;
    await kernel[Symbol.asyncDispose]();
    await user.stopServer();
    await user.startServer();
    expect(await user.runInKernel("import forge_hello; print(forge_hello.version)")).toBe("1.0\n");
    seats = seats.slice(1);
    await beat();
  });
});
