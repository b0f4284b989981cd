import { collectGarbage } from "@tljh/conda";
import { Command } from "commander";
import { checkRoot } from "../../install/preflight.ts";
import { serverPaths } from "../../system/paths.ts";
import { serverLock } from "../lock.ts";
import { allPrefixes, count, print, printJson } from "./environment.ts";
import { garbageText } from "./texts.ts";

interface GarbageFlags {
  readonly keep: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const help = `
Examples:
  sudo tljh env gc --dry-run
  sudo tljh env gc
  sudo tljh env gc --keep 1

It looks at every environment, because they share the package cache. What goes: earlier generations
beyond those kept, environments that did not pass their check, what a killed run left, and
downloaded packages that no environment holds, in use or kept.`;

export function gcCommand(): Command {
  return new Command("gc")
    .summary("free the disk of what no environment needs")
    .description("Free the disk of what neither the environments nor their kept generations need.")
    .option("--keep <number>", "earlier generations of each environment that are kept", count, 5)
    .option("--dry-run", "only say what would be removed")
    .option("--json", "what goes as JSON")
    .addHelpText("after", help)
    .action(collect);
}

async function collect({ keep, dryRun = false, json }: GarbageFlags): Promise<void> {
  checkRoot("tljh env gc");
  const paths = serverPaths();
  await using _lock = await serverLock(paths);
  const garbage = await collectGarbage({
    prefixes: allPrefixes(paths),
    snapshotsDir: paths.snapshots,
    cacheDir: paths.packages,
    keep,
    dryRun,
  });
  if (json) printJson(garbage);
  else print(garbageText(garbage, dryRun));
}
