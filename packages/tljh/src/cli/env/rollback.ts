import { type Generation, removeTreeLater, rollBack } from "@tljh/conda";
import { Command } from "commander";
import { timingsOption } from "../render/timings.ts";
import {
  asStep,
  type EnvironmentFlags,
  environmentOption,
  environmentTitle,
  generationNumber,
  namedEnvironment,
  print,
  printJson,
} from "./environment.ts";
import { nextStep } from "./texts.ts";

const help = `
Examples:
  sudo tljh env rollback
  sudo tljh env rollback 3

Without a number it goes to the generation before the state that is in use, and so once more
further back. Running servers keep the files that they have open until they restart.
What is in use now is kept, and can be gone back to in the same way.`;

export function rollbackCommand(): Command {
  return new Command("rollback")
    .summary("make an environment what it was")
    .description("Make an environment what it was as an earlier generation.")
    .argument("[number]", "the generation to go back to", generationNumber)
    .addOption(environmentOption())
    .option("--json", "the new generation as JSON")
    .addOption(timingsOption())
    .addHelpText("after", help)
    .action(goBack);
}

async function goBack(number: number | undefined, flags: EnvironmentFlags): Promise<void> {
  const environment = namedEnvironment("tljh env rollback", flags.environment);
  const { prefix, snapshotsDir, name } = environment;
  const json = flags.json ?? false;
  const title = environmentTitle(name);
  const generation = await asStep(
    environment,
    { title, json, timings: flags.timings },
    async (onEvent) => {
      const result = await rollBack({
        prefix,
        snapshotsDir,
        command: "tljh env rollback",
        onEvent,
        removeTree: removeTreeLater,
        ...(number !== undefined && { number }),
      });
      return { result, summary: `back to generation ${result.rolledBackTo}` };
    },
  );
  if (json) printJson(generation);
  else print(rollbackText(name, generation));
}

/** What is still to be done for it to be in use everywhere. */
function rollbackText(name: string, generation: Generation): string {
  const { number, rolledBackTo } = generation;
  const first = `The ${name} environment is what it was as generation ${rolledBackTo}; this is generation ${number}.`;
  const next = nextStep(name);
  return `${first}\n${next}\n`;
}
