import { cp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { installNpmPlugins, missingNpmPlugins, type PluginRequest } from "../plugins/index.ts";
import { resource } from "./resource.ts";

/** Plugins written in TypeScript or JavaScript; Python ones are packages of the hub environment. */
export const npmPlugins = resource<readonly PluginRequest[]>({
  id: "npm-plugins",
  title: "Plugins in TypeScript",
  read: async ({ paths, wanted }) =>
    missingNpmPlugins(
      wanted.plugins.filter(({ kind }) => kind === "npm" || kind === "folder-npm"),
      paths,
    ),
  compare: (missing) =>
    missing.map(({ spec }) => ({ action: "add", what: spec, because: "--plugin" })),
  async change(missing, context) {
    const onLine = (line: string) => context.emit({ type: "output", command: "npm", line });
    const { plugins, snapshots } = context.paths;
    const before = join(snapshots, "plugins");
    await rm(before, { recursive: true, force: true });
    await cp(plugins, before, {
      recursive: true,
      verbatimSymlinks: true,
      // Services that were started after these files stay up to date when they come back.
      preserveTimestamps: true,
    });
    await installNpmPlugins(missing, context.paths, onLine);
    await context.forgetPlugins();
    return async () => {
      await context.forgetPlugins();
      await rm(plugins, { recursive: true, force: true });
      await rename(before, plugins);
    };
  },
});
