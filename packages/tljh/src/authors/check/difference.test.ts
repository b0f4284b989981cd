import { join } from "node:path";
import { expect, it } from "vitest";
import { pluginFolder, sandbox } from "../../plugins/fixtures.ts";
import { noPins } from "../../plugins/lock/pins.ts";
import type { AnyResource, ServerContext } from "../../resources/resource.ts";
import { checkPlugin } from "./check.ts";

const good = pluginFolder(
  "stars",
  `import { hookimpl } from "tljh/hooks";
  export const tljh_extra_apt_packages = hookimpl(() => ["sl"]);`,
);

const nothing: Omit<ServerContext, "paths"> = {
  wanted: { version: 1, channels: [], plugins: [], userRequirementsTxtUrl: null },
  admins: [],
  release: "/nowhere",
  cacheDir: "/nowhere",
  emit: () => {},
  dryRun: true,
  skipFailing: true,
  pins: noPins,
  plugins: () => Promise.reject(new Error("none are loaded")),
  forgetPlugins: async () => {},
  contributions: async () => ({ contributions: { aptPackages: [] } }) as never,
};

const inspection = (...missing: readonly string[]) => ({
  differences: missing.map((what) => ({ action: "add" as const, what })),
  change: async () => undefined,
});

/** Debian packages, of which git is missing with and without the plugin. */
const packages: AnyResource = {
  id: "apt",
  title: "Debian packages",
  async inspect(context) {
    const { contributions } = await context.contributions();
    return inspection("git", ...contributions.aptPackages.map(({ value }) => value));
  },
};

const failing = (when: (context: ServerContext) => boolean): AnyResource => ({
  id: "failing",
  title: "Failing",
  async inspect(context) {
    if (when(context)) throw new Error("no such package");
    return inspection();
  },
});

async function check(...resources: readonly AnyResource[]) {
  await using box = await sandbox({ plugin: good });
  const { paths } = box;
  const before = { ...nothing, paths };
  const after = { ...before, cacheDir: "/with" };
  const request = { kind: "folder-npm", spec: join(box.folder, "plugin") } as const;
  const server = { resources, before, after };
  const { difference, problems } = await checkPlugin(request, { paths, server, onLine: () => {} });
  return { difference, problems: problems.map(({ message }) => message) };
}

it("tells of a plan what the plugin alone is the reason for", async () => {
  expect(await check(packages)).toEqual({
    difference: [
      {
        id: "apt",
        title: "Debian packages",
        differences: [{ action: "add", what: "sl" }],
        unknown: null,
      },
    ],
    problems: [],
  });
});

it("takes a plan that cannot be made with the plugin for a problem of the plugin's", async () => {
  expect(await check(failing(({ cacheDir }) => cacheDir === "/with"))).toEqual({
    difference: null,
    problems: ["no such package"],
  });
});

it("makes no plan where none can be made without the plugin either", async () => {
  expect(await check(failing(() => true))).toEqual({ difference: null, problems: [] });
});
