import { Command } from "commander";
import { serverPaths } from "../../system/paths.ts";
import { pluginTable } from "../render/plugins.ts";
import { wantsColor } from "../render-error.ts";
import { findPlugins } from "./findings.ts";

const examples = `
Examples:
  sudo tljh plugin list
  sudo tljh plugin list --json | jq '.[] | select(.status == "failing")'

Without sudo it is not shown what plugins have contributed, and which are disabled.`;

export function listCommand(): Command {
  return new Command("list")
    .summary("show the plugins, and what each does")
    .description(
      "Show the plugins of this server: where each is from, its hooks, what it contributed, and whether it works.",
    )
    .option("--json", "all that is known, as JSON")
    .addHelpText("after", examples)
    .action(({ json }: { json?: boolean }) => listPlugins(json ?? false));
}

async function listPlugins(json: boolean): Promise<void> {
  const views = await findPlugins(serverPaths());
  const color = wantsColor(process.stdout.isTTY, process.env);
  process.stdout.write(
    json ? `${JSON.stringify(views, null, 2)}\n` : pluginTable(views, { color }),
  );
  if (!json && process.getuid?.() !== 0)
    process.stderr.write(
      "With sudo it is also shown what each contributed, and which are disabled.\n",
    );
}
