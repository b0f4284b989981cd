import { diffGenerations, listGenerations } from "@tljh/conda";
import { Command } from "commander";
import {
  type EnvironmentFlags,
  environmentOption,
  generationNumber,
  namedEnvironment,
  print,
  printJson,
} from "./environment.ts";
import { diffText } from "./texts.ts";

const help = `
Examples:
  sudo tljh env diff 3
  sudo tljh env diff 3 5
  sudo tljh env diff 5 3 --environment hub`;

export function diffCommand(): Command {
  return new Command("diff")
    .summary("show which packages differ between two generations")
    .description("Show which packages differ between two generations of an environment.")
    .argument("<from>", "the number of a generation", generationNumber)
    .argument("[to]", "the number of another; what is in use unless given", generationNumber)
    .addOption(environmentOption())
    .option("--json", "the changes as JSON")
    .addHelpText("after", help)
    .action((from: number, to: number | undefined, { environment, json }: EnvironmentFlags) => {
      const kept = namedEnvironment("tljh env diff", environment);
      const last = to ?? listGenerations(kept).at(-1)?.number ?? from;
      const changes = diffGenerations(kept, from, last);
      if (json) printJson(changes);
      else print(diffText(changes));
    });
}
