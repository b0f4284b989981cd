import type { ChangeResult } from "@tljh/conda";
import { Command } from "commander";
import { timingsOption } from "../render/timings.ts";
import {
  asStep,
  type EnvironmentFlags,
  environmentOption,
  environmentTitle,
  namedEnvironment,
  print,
  printJson,
} from "./environment.ts";
import {
  changeFromFile,
  type FileFlags,
  type FileRequest,
  planFromFile,
  readRequestFile,
} from "./from-file.ts";
import { diffText, nextStep } from "./texts.ts";

const help = `
Examples:
  sudo tljh env update --file environment.yml --dry-run
  sudo tljh env update --file environment.yml
  sudo tljh env update --file class.lock --prune

The file is an environment.yml, or a lock as tljh env export --explicit and conda list --explicit
write it. What it lists is brought to what it says; everything else stays, and goes with --prune, but
for what the server itself needs. The change is checked before it is taken into use, and
sudo tljh env rollback takes it back.`;

export function updateCommand(): Command {
  return new Command("update")
    .summary("bring an environment to what a file says")
    .description("Bring an environment to what an environment.yml or a lock says.")
    .requiredOption("--file <path>", "the environment.yml or lock")
    .option("--prune", "take out what the file does not list and nothing in it needs")
    .addOption(environmentOption())
    .option("--dry-run", "only say what would change")
    .option("--json", "what changed as JSON")
    .addOption(timingsOption())
    .addHelpText("after", help)
    .action(update);
}

async function update(flags: EnvironmentFlags & FileFlags): Promise<void> {
  const environment = namedEnvironment("tljh env update", flags.environment);
  const read = readRequestFile(flags.file);
  const command = `tljh env update --file ${read.label}`;
  const request = { ...read, environment, command, prune: flags.prune ?? false };
  if (flags.dryRun) return printPlan(request, flags);
  const result = await runRequest(request, flags);
  if (flags.json) return printResult(result);
  if (!result.changed) print(`Nothing to do: it is as ${read.label} says.\n`);
  else print(`${resultText(environment.name, result)}\n${nextStep(environment.name)}\n`);
}

/** Shows what a file would change. */
export async function printPlan(request: FileRequest, { json }: FileFlags): Promise<void> {
  const { changes, pip } = await planFromFile(request, () => {});
  if (json) return printJson({ changes, pip });
  const asked = pip.map((line) => `pip would be asked for ${line}\n`).join("");
  print(
    changes.length + pip.length === 0
      ? diffText([])
      : (changes.length ? diffText(changes) : "") + asked,
  );
}

/** Carries a file's request out, as one step. */
export function runRequest(
  request: FileRequest,
  { json = false, timings }: FileFlags,
): Promise<ChangeResult> {
  const title = environmentTitle(request.environment.name);
  return asStep(request.environment, { title, json, timings }, async (onEvent, emit) => {
    const result = await changeFromFile(request, onEvent, emit);
    const count = result.generation?.changes.length ?? 0;
    return { result, summary: result.changed ? `${count} packages` : "" };
  });
}

export function printResult({ changed, generation }: ChangeResult): void {
  printJson({ changed, ...(generation && { generation }) });
}

/** What has changed, one package a line, and as which generation. */
export function resultText(name: string, { generation }: ChangeResult): string {
  const changes = diffText(generation?.changes ?? []);
  return `${changes}${environmentTitle(name)}: this is generation ${generation?.number}.`;
}
