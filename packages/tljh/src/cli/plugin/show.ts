import { Command } from "commander";
import { readPluginSections } from "../../config/settings/sections.ts";
import { findPackages } from "../../install/plugins/find.ts";
import { readInventory } from "../../install/plugins/inventory.ts";
import { settingsText } from "../../plugins/index.ts";
import { type ServerPaths, serverPaths } from "../../system/paths.ts";
import { recordedInstallation } from "../context.ts";
import { pluginDetails } from "../render/plugins.ts";
import { wantsColor } from "../render-error.ts";
import { findPlugins } from "./findings.ts";

const examples = `
Examples:
  sudo tljh plugin show stars
  sudo tljh plugin show npm:tljh-stars --json

NAME is that of the plugin, of its package, or what it was added by.`;

export function showCommand(): Command {
  return new Command("show")
    .summary("show all that is known of a plugin, with its settings")
    .description("Show all that is known of a plugin: hooks, contributions, settings, problems.")
    .argument("<name>", "the plugin")
    .option("--json", "the same as JSON")
    .addHelpText("after", examples)
    .action((name: string, { json }: { json?: boolean }) => showPlugin(name, json ?? false));
}

async function showPlugin(name: string, json: boolean): Promise<void> {
  const paths = serverPaths();
  const recorded = await recordedInstallation(paths).catch(() => null);
  const inventory = await readInventory(paths, recorded?.plugins ?? []);
  const [found] = findPackages(inventory, [name]);
  const views = (await findPlugins(paths)).filter((view) => view.package === found?.package);
  const named = views.filter((view) => view.name === name);
  const shown = named.length > 0 ? named : views;
  const settings = await settingsByPlugin(paths);
  const full = shown.map((view) => ({ ...view, settings: settings.get(view.name) ?? [] }));
  const color = wantsColor(process.stdout.isTTY, process.env);
  process.stdout.write(
    json
      ? `${JSON.stringify(full, null, 2)}\n`
      : full.map((view) => pluginDetails(view, view.settings, { color })).join("\n"),
  );
}

async function settingsByPlugin(paths: ServerPaths) {
  const sections = await readPluginSections(paths.pluginSettings);
  return new Map([...sections.values()].map((one) => [one.plugin, settingsText(one)]));
}
