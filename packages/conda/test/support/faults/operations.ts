import { mkdirSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { preparePackages } from "../../../src/cache/prepare.ts";
import { changeEnvironment } from "../../../src/environment/change.ts";
import type { ChangeOptions, PackageSource } from "../../../src/environment/options.ts";
import { rollBack } from "../../../src/environment/roll-back.ts";
import type { CondaEventSink } from "../../../src/events.ts";
import { collectGarbage } from "../../../src/garbage/collect.ts";
import { repairPrefix } from "../../../src/verify/repair.ts";
import { channelRecords, writeChannel } from "../channel.ts";
import type { FixturePackage } from "../package.ts";
import { solveByName } from "../source.ts";

/** Where an operation is tried: everything is below `root`. */
export function sceneOptions(root: string): ChangeOptions {
  return {
    prefix: join(root, "env"),
    cacheDir: join(root, "pkgs"),
    snapshotsDir: join(root, "snapshots"),
    channels: [],
    specs: [],
    platform: "linux-64",
  };
}

export interface Operation {
  /** Brings a new root to where the operation begins. */
  prepare(root: string): Promise<void>;
  run(root: string, onEvent?: CondaEventSink): Promise<unknown>;
}

const tool = (version: string): FixturePackage => ({
  name: "tool",
  version,
  depends: ["data"],
  files: {
    "bin/tool": { content: "#!/PLACEHOLDER/bin/sh\n", mode: 0o755, placeholder: "/PLACEHOLDER" },
    "lib/tool/a.txt": version,
    "lib/tool/b.txt": "the same",
    "lib/tool/link": { link: "a.txt" },
    "etc/tool.conf": version,
  },
});

const data: FixturePackage = {
  name: "data",
  files: { "share/data/one": "1", "share/data/two": "2" },
};
const gone: FixturePackage = { name: "gone", files: { "share/gone/x": "x" } };
const library: FixturePackage = {
  name: "library",
  noarch: "python",
  depends: ["python"],
  entryPoints: ["library = library:main"],
  files: { "site-packages/library.py": "answer = 42\n" },
};

/** A script in place of a link to the machine's Python, which no archive may hold. */
const python: FixturePackage = {
  name: "python",
  version: "3.11.2",
  files: {
    "bin/python3.11": { content: '#!/bin/sh\nexec /usr/bin/python3 "$@"\n', mode: 0o755 },
  },
};

const everything = [tool("1"), tool("2"), tool("3"), data, gone, library, python];

/** The engine's own cache and downloads; of the channel's packages, these. */
function sourceOf(root: string, fixtures: readonly FixturePackage[]): PackageSource {
  const records = channelRecords(join(root, "channel"), fixtures);
  return {
    solve: async ({ specs }) => solveByName(records, specs),
    async prepare(wanted, { cacheDir }, onPackage) {
      await preparePackages(wanted, { cacheDir, onPackage });
    },
  };
}

function change(
  root: string,
  fixtures: readonly FixturePackage[],
  more: Partial<ChangeOptions>,
  onEvent?: CondaEventSink,
): Promise<unknown> {
  const options = { ...sceneOptions(root), ...more, ...(onEvent && { onEvent }) };
  return changeEnvironment(options, sourceOf(root, fixtures));
}

const upTo = (version: string) => ({ specs: [`tool==${version}`], keepSnapshots: 1 });

async function channelOnly(root: string): Promise<void> {
  mkdirSync(root, { recursive: true });
  writeChannel(join(root, "channel"), everything);
}

/** Two generations, of which the first is kept, and something done by hand since. */
async function twoGenerations(root: string): Promise<void> {
  await channelOnly(root);
  await change(root, [tool("1"), data, gone], { specs: ["tool", "gone"] });
  await change(root, [tool("2"), data, gone], upTo("2"));
  mkdirSync(join(root, "env/opt"));
  writeFileSync(join(root, "env/opt/by-hand"), "mine");
}

/** What an upgrade needs is in the package cache already: an installation tries how it gets there. */
async function readyToUpgrade(root: string): Promise<void> {
  await twoGenerations(root);
  const { prepare } = sourceOf(root, []);
  await prepare(channelRecords(join(root, "channel"), [tool("3")]), sceneOptions(root), () => {});
}

export const operations = {
  install: {
    prepare: channelOnly,
    run: (root, onEvent) =>
      change(root, [python, library, tool("1"), data], { specs: ["tool", "library"] }, onEvent),
  },
  upgrade: {
    prepare: readyToUpgrade,
    run: (root, onEvent) =>
      change(root, [tool("3"), data], { ...upTo("3"), remove: ["gone"] }, onEvent),
  },
  rollback: {
    prepare: twoGenerations,
    run: (root, onEvent) =>
      rollBack({ ...sceneOptions(root), number: 1, ...(onEvent && { onEvent }) }),
  },
  repair: {
    async prepare(root) {
      await twoGenerations(root);
      // In the package cache too.
      writeFileSync(join(root, "env/lib/tool/b.txt"), "damaged");
      unlinkSync(join(root, "env/share/data/one"));
    },
    run: (root, onEvent) =>
      repairPrefix(
        { ...sceneOptions(root), keepSnapshots: 1, ...(onEvent && { onEvent }) },
        sourceOf(root, []),
      ),
  },
  garbage: {
    async prepare(root) {
      await twoGenerations(root);
      await change(root, [tool("3"), data, gone], { ...upTo("3"), keepSnapshots: 5 });
      writeFileSync(join(root, "pkgs/x-1-0.conda.partial"), "half");
    },
    async run(root) {
      const { prefix, ...rest } = sceneOptions(root);
      await collectGarbage({ ...rest, prefixes: [prefix], keep: 1 });
    },
  },
} satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
