import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { folderFingerprint } from "../install/fingerprint.ts";
import type { PipEntry } from "../install/pip.ts";
import { collectContributions } from "../plugins/index.ts";
import { environmentResource } from "./environment.ts";
import type { ServerContext } from "./resource.ts";

/** The release carries the Python package that runs inside JupyterHub as a small conda channel of its own. */
const ownChannel = (context: ServerContext) =>
  pathToFileURL(join(context.paths.app, "channel")).href;

/** JupyterHub and what it needs. */
export const hubEnvironment = environmentResource({
  id: "hub-environment",
  title: "Hub environment",
  environment: "hub",
  wish: async (context) => ({ conda: [], pip: [], channels: [ownChannel(context)] }),
});

/** Python plugins, which are found in the hub's environment by their entry points. */
export const pythonPlugins = environmentResource({
  id: "python-plugins",
  title: "Plugins in Python",
  environment: "hub",
  wish: async (context) => ({
    conda: [],
    pip: await pluginEntries(context),
    channels: [ownChannel(context)],
  }),
});

/** What plugins add to the hub's environment; there before the hub starts. */
export const hubPackages = environmentResource({
  id: "hub-packages",
  title: "Hub packages of plugins",
  environment: "hub",
  wish: async (context) => {
    const { manager } = await context.plugins();
    const { hubPipPackages } = await collectContributions(manager);
    return {
      conda: [],
      pip: [
        ...(await pluginEntries(context)),
        ...hubPipPackages.map(({ value, plugin }) => ({ value, because: plugin })),
      ],
      channels: [ownChannel(context)],
    };
  },
});

async function pluginEntries(context: ServerContext): Promise<PipEntry[]> {
  const entries: PipEntry[] = [];
  for (const { kind, spec } of context.wanted.plugins) {
    if (kind === "pip") entries.push({ value: spec, because: "--plugin" });
    if (kind !== "folder-python") continue;
    const found = await folderFingerprint(spec);
    // A folder that is gone was installed before, or the flag would have been refused.
    if (found !== null) entries.push({ value: spec, because: "--plugin", fingerprint: found });
  }
  return entries;
}
