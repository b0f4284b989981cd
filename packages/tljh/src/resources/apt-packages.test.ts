import { expect, it, vi } from "vitest";
import type { Answers, Ledger } from "../plugins/index.ts";
import { emptyLedger } from "../plugins/ledger/ledger.ts";
import { removeAptPackages } from "../system/apt.ts";
import { aptLeftovers, aptPackages } from "./apt-packages.ts";
import type { ServerContext } from "./resource.ts";

/** The Debian packages of the machine, and what would go with them. */
const { debian, needed } = vi.hoisted(() => ({
  debian: new Set<string>(),
  needed: new Map<string, string[]>(),
}));

vi.mock("../system/apt.ts", async (original) => ({
  aptName: (await original<typeof import("../system/apt.ts")>()).aptName,
  installedAptPackages: async (names: string[]) => new Set(names.filter((one) => debian.has(one))),
  installAptPackages: vi.fn(async (names: string[]) => {
    for (const name of names) debian.add(name);
  }),
  simulateAptRemoval: async (names: string[]) =>
    names.flatMap((name) => [name, ...(needed.get(name) ?? [])]),
  removeAptPackages: vi.fn(async (names: string[]) => {
    for (const name of names) debian.delete(name);
  }),
}));

/** A server with these packages, of which plugins want some; `ours` were installed for plugins. */
function server(
  packages: readonly string[],
  wanted: Readonly<Record<string, readonly string[]>>,
  ours: readonly string[] = [],
  former: Ledger["plugins"] = [],
): ServerContext {
  debian.clear();
  needed.clear();
  for (const name of packages) debian.add(name);
  const contributed = Object.entries(wanted).flatMap(([plugin, values]) =>
    values.map((value) => ({ value, plugin })),
  );
  const answers = {
    contributions: { aptPackages: contributed },
    ledger: { ...emptyLedger, debian: ours, plugins: former },
  } as unknown as Answers;
  const context = { wanted: { plugins: [] }, emit: () => {}, contributions: async () => answers };
  return context as unknown as ServerContext;
}

const gone = (...names: string[]) =>
  [{ name: "old", aptPackages: names, config: [] }] as unknown as Ledger["plugins"];

it("installs what is missing, says who wants it, and takes back only that", async () => {
  const context = server(["there"], { a: ["sl", "there"], b: ["sl"] });
  const { differences, change } = await aptPackages.inspect(context);
  expect(differences).toEqual([{ action: "add", what: "sl", because: "a, b" }]);
  const undo = await change();
  expect([...debian]).toEqual(["there", "sl"]);
  await undo?.(() => {});
  expect([...debian]).toEqual(["there"]);
});

it("takes out what was installed for plugins, and that none wants any more", async () => {
  const former = gone("sl", "shared", "there");
  const context = server(["sl", "shared", "there"], { a: ["shared"] }, ["sl", "shared"], former);
  const { differences, change } = await aptLeftovers.inspect(context);
  expect(differences).toEqual([{ action: "remove", what: "sl", formerly: "old" }]);
  await change();
  expect([...debian]).toEqual(["shared", "there"]);
  expect((await aptLeftovers.inspect(context)).differences).toEqual([]);
});

it("leaves a package with which others would go, and says so", async () => {
  const context = server(["sl", "figlet"], {}, ["sl", "figlet"], gone("sl", "figlet"));
  needed.set("figlet", ["toilet"]);
  const { differences, change } = await aptLeftovers.inspect(context);
  expect(differences).toEqual([
    { action: "remove", what: "sl", formerly: "old" },
    { action: "change", what: "figlet stays: apt would take out toilet too" },
  ]);
  await change();
  expect(vi.mocked(removeAptPackages).mock.lastCall?.[0]).toEqual(["sl"]);
  expect([...debian]).toEqual(["figlet"]);
});

it("leaves what the product itself needs", async () => {
  const context = server(["sudo"], {}, ["sudo"], gone("sudo"));
  expect((await aptLeftovers.inspect(context)).differences).toEqual([]);
});
