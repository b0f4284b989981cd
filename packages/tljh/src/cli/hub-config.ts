import { text } from "node:stream/consumers";
import { Command } from "commander";
import { loadCompleteConfig, parseConfig } from "../config/load.ts";
import { readPluginSections } from "../config/settings/sections.ts";
import { formatHubConfig, hubAssignments, writeHubConfig } from "../hub/index.ts";
import { CONFIG_HOOK } from "../plugins/host/protocol.ts";
import { loadPlugins } from "../plugins/index.ts";
import { toReport, writeReport } from "../plugins/reports.ts";
import { serverPaths } from "../system/paths.ts";
import { errorText } from "./render-error.ts";

/** Run by jupyterhub.service before each start; with `--stdin`, by Python plugins that call `apply_config`. */
export function hubConfigCommand(): Command {
  return new Command("hub-config")
    .description("Write what JupyterHub is configured with, from config.yaml and the plugins.")
    .option("--stdin", "read a configuration as JSON, print what it means for JupyterHub")
    .action(({ stdin }: { stdin?: boolean }) => (stdin ? printAssignments() : write()));
}

async function write(): Promise<void> {
  const paths = serverPaths();
  const sections = await readPluginSections(paths.pluginSettings);
  const { effective, warnings } = await loadCompleteConfig(paths.configFile, sections);
  for (const { message } of warnings) process.stderr.write(`note: ${message}\n`);
  const plugins = await loadPlugins({ paths, languages: ["typescript"] });
  const { failures } = await writeHubConfig({ paths, effective, plugins }).finally(plugins.close);
  // The hub starts without what a broken plugin would have set; the journal and `tljh status` say so.
  for (const { error } of [...plugins.failures, ...failures])
    process.stderr.write(errorText(error));
  const reported = [
    ...plugins.failures.map(({ name, source, error }) => toReport(name ?? source, null, error)),
    ...failures.map(({ plugin, error }) => toReport(plugin, CONFIG_HOOK, error)),
  ];
  await writeReport(paths.pluginReports, "hub-config", reported).catch((error: unknown) =>
    process.stderr.write(errorText(error)),
  );
}

async function printAssignments(): Promise<void> {
  const { effective } = parseConfig(await text(process.stdin));
  const assignments = hubAssignments(effective, serverPaths());
  process.stdout.write(formatHubConfig(assignments));
}
