import { listGenerations } from "@tljh/conda";
import { Command } from "commander";
import {
  type EnvironmentFlags,
  environmentOption,
  namedEnvironment,
  print,
  printJson,
} from "./environment.ts";
import { historyText } from "./texts.ts";

const help = `
Examples:
  sudo tljh env history
  sudo tljh env history --environment hub --json

A generation whose files are "kept" can be gone back to: sudo tljh env rollback NUMBER
What was changed by hand is a generation too.`;

export function historyCommand(): Command {
  return new Command("history")
    .summary("list what an environment has been")
    .description("List the generations of an environment: when, who, why, and what changed.")
    .addOption(environmentOption())
    .option("--json", "the generations as JSON, the oldest first")
    .addHelpText("after", help)
    .action(({ environment, json }: EnvironmentFlags) => {
      const generations = listGenerations(namedEnvironment("tljh env history", environment));
      if (json) printJson(generations);
      else print(historyText(generations));
    });
}
