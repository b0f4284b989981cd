import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { set, type Tree } from "../config/tree.ts";
import { hookimpl, type TljhConfig, type TljhPlugin } from "../hooks.ts";
import { type Answers, askPlugins } from "../plugins/index.ts";
import { emptyLedger, readLedger } from "../plugins/ledger/ledger.ts";
import { createHookManager } from "../plugins/manager.ts";
import { serverPaths } from "../system/paths.ts";
import { aptLeftovers, aptPackages } from "./apt-packages.ts";
import { formerPlugins } from "./contributed.ts";
import { intentions, ledger } from "./ledger.ts";
import type { AnyResource, ServerContext } from "./resource.ts";

/** The Debian packages of the machine. */
const debian = vi.hoisted(() => new Set<string>());

vi.mock("../system/apt.ts", () => ({
  aptName: (name: string) => name,
  installedAptPackages: async (names: string[]) => new Set(names.filter((one) => debian.has(one))),
  installAptPackages: async (names: string[]) => {
    for (const name of names) debian.add(name);
  },
  simulateAptRemoval: async (names: string[]) => names,
  removeAptPackages: async (names: string[]) => {
    for (const name of names) debian.delete(name);
  },
}));

const config = (change: (config: TljhConfig) => void) =>
  hookimpl<"tljh_config_post_install">(({ config: given }) => change(given));

/** Plugins that get into each other's way. */
const pool: Readonly<Record<string, TljhPlugin>> = {
  bold: {
    tljh_extra_apt_packages: hookimpl(() => ["sl", "shared"]),
    tljh_extra_user_conda_packages: hookimpl(() => ["xarray", "numpy"]),
    tljh_config_post_install: config((given) => {
      given.limits = { ...given.limits, memory: "1G" };
      given.bold = { only: { here: true } };
    }),
  },
  polite: {
    tljh_extra_apt_packages: hookimpl(() => ["shared", "there"]),
    tljh_config_post_install: config((given) => {
      given.limits ??= {};
      given.limits.memory ??= "2G";
      given.limits.cpu ??= 2;
    }),
  },
  joiner: {
    tljh_extra_user_conda_packages: hookimpl(() => ["numpy"]),
    tljh_config_post_install: config((given) => {
      given.users ??= {};
      given.users.admin = [...new Set([...(given.users.admin ?? []), "eve"])];
    }),
  },
  cleaner: {
    tljh_config_post_install: config((given) => {
      delete given.old;
      given.limits = { ...given.limits, cpu: 4 };
    }),
  },
  last: {
    tljh_extra_apt_packages: hookimpl(() => ["sl"]),
    tljh_config_post_install: hookimpl<"tljh_config_post_install">(
      ({ config: given }) => {
        given.seen = [...(given.users?.admin ?? [])].length;
      },
      { trylast: true },
    ),
  },
};

interface Machine {
  readonly context: Pick<ServerContext, "paths" | "wanted" | "emit">;
  /** What the admin has set, and what stands in the file. */
  admin: Tree;
  file: Tree;
}

const START: Tree = { users: { admin: ["ada"] }, old: { key: 1 }, limits: { disk: 9 } };

async function machine(admin: Tree = START): Promise<Machine> {
  debian.clear();
  debian.add("there");
  const paths = serverPaths(await mkdtemp(join(tmpdir(), "tljh-ledger-")));
  await mkdir(paths.state);
  const wanted = { version: 1, channels: [], plugins: [], userRequirementsTxtUrl: null } as const;
  return { context: { paths, wanted, emit: () => {} }, admin, file: admin };
}

async function ask(
  { context, file }: Machine,
  plugins: readonly string[],
  disabled: readonly string[],
): Promise<Answers> {
  const manager = createHookManager();
  const about = { version: "1", language: "typescript" } as const;
  const active = plugins.filter((name) => !disabled.includes(name));
  for (const name of active) manager.register(pool[name] ?? {}, name);
  const list = active.map((name) => ({
    ...about,
    name,
    source: name,
    hooks: manager.getHooks(name),
  }));
  return askPlugins({
    loaded: { manager, list, failures: [] },
    ledger: await readLedger(context.paths.contributions),
    config: file,
    prepare: (own) => own,
    disabled,
    staying: new Set(plugins),
    stop: true,
  });
}

/** One run of an installer, which is killed before the step of this number. */
async function run(
  server: Machine,
  plugins: readonly string[],
  disabled: readonly string[],
  kill = 9,
) {
  const answers = await ask(server, plugins, disabled);
  const context = { ...server.context, contributions: async () => answers } as ServerContext;
  const step = async (one: AnyResource) => {
    const { differences, change } = await one.inspect(context);
    if (differences.length > 0) await change();
  };
  const steps = [
    () => step(intentions),
    async () => void Object.assign(server, { file: answers.config.after }),
    () => step(aptPackages),
    () => step(aptLeftovers),
    () => step(ledger),
  ];
  for (const one of steps.slice(0, kill)) await one();
  return answers;
}

/** All that plugins have to do with a server. */
async function picture(server: Machine, { contributions }: Answers) {
  const { plugins, pending } = await readLedger(server.context.paths.contributions);
  const former = formerPlugins({ ...emptyLedger, plugins });
  return {
    file: server.file,
    debian: [...debian].sort(),
    conda: contributions.userCondaPackages,
    former: [...former.list("userCondaPackages")],
    plugins,
    pending,
  };
}

const names = Object.keys(pool);
const some = fc.subarray(names, { minLength: 0 });
/** Values that no plugin writes. */
const edit = fc.record({
  path: fc.constantFrom(
    ["limits", "memory"],
    ["limits", "cpu"],
    ["users", "admin"],
    ["new", "key"],
  ),
  value: fc.integer({ min: 100 }).map((number) => [`set-${number}`]),
});

const change = fc.record({
  plugins: some,
  disabled: some,
  kill: fc.constantFrom(9, 9, 0, 1, 2, 3, 4),
  edit: fc.option(edit),
});

it("whatever was added, disabled, removed and killed before, a server is as if it had been made afresh", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 6 }), some, async (changes, remaining) => {
      const used = await machine();
      for (const { plugins, disabled, kill, edit: set_ } of changes) {
        await run(used, plugins, disabled, kill);
        if (set_ === null) continue;
        used.admin = set(used.admin, set_.path, set_.value);
        used.file = set(used.file, set_.path, set_.value);
      }
      const end = await picture(used, await run(used, remaining, []));
      const fresh = await machine(used.admin);
      expect(end).toEqual(await picture(fresh, await run(fresh, remaining, [])));
    }),
    { numRuns: 60 },
  );
}, 120_000);
