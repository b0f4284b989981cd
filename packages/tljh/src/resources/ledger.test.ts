import { mkdir } from "node:fs/promises";
import { expect, it, vi } from "vitest";
import { sandbox } from "../plugins/fixtures.ts";
import type { Answers, Contributor } from "../plugins/index.ts";
import { emptyLedger, readLedger, writeLedger } from "../plugins/ledger/ledger.ts";
import type { ServerPaths } from "../system/paths.ts";
import { intentions, ledger } from "./ledger.ts";
import type { ServerContext } from "./resource.ts";

vi.mock("../system/apt.ts", async (original) => ({
  ...(await original<typeof import("../system/apt.ts")>()),
  installedAptPackages: async (names: string[]) => new Set(names.filter((one) => one === "there")),
}));

const contributor = (
  name: string,
  aptPackages: readonly string[],
  version = "1.0",
): Contributor => ({
  name,
  language: "typescript",
  version,
  source: `/root/${name}`,
  aptPackages,
  hubPipPackages: [],
  userCondaPackages: [],
  userCondaChannels: ["conda-forge"],
  userPipPackages: [],
  config: [{ path: ["quota"], value: 1 }],
});

/** A run in which these plugins contribute. */
async function run(paths: ServerPaths, ...contributors: readonly Contributor[]) {
  await mkdir(paths.state, { recursive: true });
  const answers = {
    ledger: await readLedger(paths.contributions),
    contributors,
    contributions: {
      aptPackages: contributors.flatMap(({ name, aptPackages }) =>
        aptPackages.map((value) => ({ value, plugin: name })),
      ),
    },
  } as unknown as Answers;
  return { paths, contributions: async () => answers } as unknown as ServerContext;
}

it("notes what is about to be done before it is done, and what was there once all is", async () => {
  await using box = await sandbox();
  const { contributions: file } = box.paths;
  const one = contributor("a", ["sl=1", "there"]);
  const context = await run(box.paths, one);
  const { differences, change } = await intentions.inspect(context);
  expect(differences).toEqual([{ action: "add", what: "a 1.0: 2 packages, 1 channel, 1 setting" }]);
  const undo = await change();
  const begun = { ...emptyLedger, pending: [[one]], debian: ["sl"] };
  expect(await readLedger(file)).toEqual(begun);
  await (await ledger.inspect(context)).change();
  expect(await readLedger(file)).toEqual({ ...emptyLedger, plugins: [one], debian: ["sl"] });
  await undo?.(() => {});
  expect(await readLedger(file)).toEqual(emptyLedger);
});

it("finds nothing to do where plugins contribute what they did", async () => {
  await using box = await sandbox();
  const one = contributor("a", ["there"]);
  await writeLedger(`${box.paths.prefix}/x`, emptyLedger);
  await mkdir(box.paths.state);
  await writeLedger(box.paths.contributions, { ...emptyLedger, plugins: [one] });
  const context = await run(box.paths, one);
  expect((await intentions.inspect(context)).differences).toEqual([]);
  expect((await ledger.inspect(context)).differences).toEqual([]);
});

it("tells which plugins contribute otherwise than before, and which no longer", async () => {
  await using box = await sandbox();
  await mkdir(box.paths.state);
  const before = [contributor("a", ["there"]), contributor("b", [])];
  await writeLedger(box.paths.contributions, { ...emptyLedger, plugins: before });
  const context = await run(box.paths, contributor("a", ["there"], "2.0"));
  expect((await intentions.inspect(context)).differences).toEqual([
    { action: "remove", what: "b 1.0: 1 channel, 1 setting" },
    { action: "change", what: "a 2.0: 1 package, 1 channel, 1 setting" },
  ]);
});

it("keeps what earlier runs were about to do until one is complete", async () => {
  await using box = await sandbox();
  const { contributions: file } = box.paths;
  const [first, second] = [contributor("a", []), contributor("b", ["sl"])];
  for (const one of [first, second, second]) {
    const { differences, change } = await intentions.inspect(await run(box.paths, one));
    if (differences.length > 0) await change();
  }
  expect(await readLedger(file)).toEqual({
    ...emptyLedger,
    pending: [[second], [first]],
    debian: ["sl"],
  });
});

it("notes a package that is missing again, though the plugin asks for nothing new", async () => {
  await using box = await sandbox();
  await mkdir(box.paths.state);
  const one = contributor("a", ["sl"]);
  await writeLedger(box.paths.contributions, { ...emptyLedger, plugins: [one] });
  const { differences } = await intentions.inspect(await run(box.paths, one));
  expect(differences).toEqual([{ action: "change", what: box.paths.contributions }]);
});
