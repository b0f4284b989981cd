import { removeEnvironment } from "@tljh/conda";
import { Argument, Command } from "commander";
import { environmentNeeded } from "../../errors/environments.ts";
import { isPart } from "../../system/paths.ts";
import { serverLock } from "../lock.ts";
import { environmentName, namedEnvironment, print, printJson } from "./environment.ts";

const help = `
Examples:
  sudo tljh env remove astronomy-2026
  sudo tljh env remove astronomy-2026 --dry-run

Its earlier generations go too. What it alone needed of the package cache goes with tljh env gc.`;

export function removeCommand(): Command {
  return new Command("remove")
    .summary("remove an environment that was made with create")
    .description("Remove an environment that was made with tljh env create, and all it has been.")
    .addArgument(new Argument("<name>", "its name").argParser(environmentName))
    .option("--dry-run", "only say what would be removed")
    .option("--json", "what goes as JSON")
    .addHelpText("after", help)
    .action(remove);
}

async function remove(
  name: string,
  { dryRun = false, json }: { readonly dryRun?: boolean; readonly json?: boolean },
): Promise<void> {
  if (isPart(name)) throw environmentNeeded(name);
  const environment = namedEnvironment("tljh env remove", name);
  await using _lock = await serverLock(environment.paths);
  const removed = removeEnvironment(environment, { dryRun });
  if (json) return printJson({ removed });
  const verb = dryRun ? "Would remove" : "Removed";
  print(removed.map((path) => `${verb} ${path}\n`).join(""));
}
