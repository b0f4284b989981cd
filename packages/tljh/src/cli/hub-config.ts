import { text } from "node:stream/consumers";
import { Command } from "commander";
import { loadCompleteConfig, parseConfig } from "../config/load.ts";
import { hubAssignments, writeHubConfig } from "../hub/index.ts";
import { loadPlugins } from "../plugins/index.ts";
import { serverPaths } from "../system/paths.ts";

/** Run by jupyterhub.service before each start; with `--stdin`, by Python plugins that call `apply_config`. */
export function hubConfigCommand(): Command {
  return new Command("hub-config")
    .description("Write what JupyterHub is configured with, from config.yaml and the plugins.")
    .option("--stdin", "read a configuration as JSON, print what it means for JupyterHub")
    .action(({ stdin }: { stdin?: boolean }) => (stdin ? printAssignments() : write()));
}

async function write(): Promise<void> {
  const paths = serverPaths();
  const { effective } = await loadCompleteConfig(paths.configFile);
  const plugins = await loadPlugins({ paths, languages: ["typescript"] });
  for (const { error } of plugins.failures) console.error(`warning: ${String(error)}`);
  await writeHubConfig({ paths, effective, plugins });
}

async function printAssignments(): Promise<void> {
  const { effective } = parseConfig(await text(process.stdin));
  const assignments = hubAssignments(effective, serverPaths());
  process.stdout.write(`${JSON.stringify({ version: 1, assignments })}\n`);
}
