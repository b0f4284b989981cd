import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { formerPlugins, wantedEntries } from "./contributed.ts";
import { droppedEntries, pythonWish } from "./dropped.ts";
import { type EnvironmentWish, environmentResource } from "./environment.ts";
import type { ServerContext } from "./resource.ts";

/**
 * The release carries the Python package that runs inside JupyterHub as a small conda channel of its own.
 * A plan looks at the release that would be installed; a change at its installed copy, which stays.
 */
const channelFolder = ({ dryRun, release, paths }: ServerContext) =>
  join(dryRun ? release : paths.app, "channel");

interface OwnPackage {
  readonly name: string;
  readonly version: string;
  readonly build: string;
}

/** That channel and, by its build, the package in it: a release with another content replaces it. */
async function ownWish(
  context: ServerContext,
): Promise<Pick<EnvironmentWish, "conda" | "channels">> {
  const folder = channelFolder(context);
  const text = await readFile(join(folder, "noarch", "repodata.json"), "utf8");
  const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, OwnPackage>> };
  const conda = Object.values(packages).map(({ name, version, build }) => ({
    value: `${name} ==${version} ${build}`,
    because: "this release",
  }));
  return { conda, channels: [pathToFileURL(folder).href] };
}

/** JupyterHub and what it needs. */
export const hubEnvironment = environmentResource({
  id: "hub-environment",
  title: "Hub environment",
  environment: "hub",
  wish: async (context) => ({ ...(await ownWish(context)), pip: [] }),
});

/** Python plugins, which are found in the hub's environment by their entry points. */
export const pythonPlugins = environmentResource({
  id: "python-plugins",
  title: "Plugins in Python",
  environment: "hub",
  wish: async (context) => ({
    ...(await ownWish(context)),
    pip: [],
    plugins: pythonWish(context),
  }),
});

/** What plugins add to the hub's environment; there before the hub starts. */
export const hubPackages = environmentResource({
  id: "hub-packages",
  title: "Hub packages of plugins",
  environment: "hub",
  wish: async (context) => {
    const { contributions, ledger } = await context.contributions();
    const pip = wantedEntries(contributions.hubPipPackages);
    const dropped = await droppedEntries(
      context.paths.hub,
      new Set(pip.map(({ value }) => value)),
      formerPlugins(ledger).list("hubPipPackages"),
    );
    return { ...(await ownWish(context)), pip, dropped };
  },
});
