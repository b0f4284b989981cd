import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Argument, Command } from "commander";
import { environmentExists, environmentUnnamed } from "../../errors/environments.ts";
import { checkRoot } from "../../install/preflight.ts";
import { isPart, serverPaths } from "../../system/paths.ts";
import { timingsOption } from "../render/timings.ts";
import { environmentName, environmentPrefix, print } from "./environment.ts";
import { type FileFlags, readRequestFile } from "./from-file.ts";
import { printPlan, printResult, resultText, runRequest } from "./update.ts";

const help = `
Examples:
  sudo tljh env create --file environment.yml
  sudo tljh env create astronomy-2026 --file class.lock
  sudo tljh env create astronomy-2026 --file class.lock --dry-run

The users' servers run in the environment "user", and tljh env update changes that one. Another is
for what does not go together with it: it is made below envs, and can be a kernel of its own where it
holds ipykernel. tljh env history, rollback, verify, update and export take its name with --environment.`;

export function createCommand(): Command {
  return new Command("create")
    .summary("make another environment of a file")
    .description("Make another environment of an environment.yml or a lock.")
    .addArgument(
      new Argument("[name]", "its name; as the environment.yml has it unless given").argParser(
        environmentName,
      ),
    )
    .requiredOption("--file <path>", "the environment.yml or lock")
    .option("--dry-run", "only say what it would hold")
    .option("--json", "what it holds as JSON")
    .addOption(timingsOption())
    .addHelpText("after", help)
    .action(create);
}

async function create(given: string | undefined, flags: FileFlags): Promise<void> {
  checkRoot("tljh env create");
  const read = readRequestFile(flags.file);
  const written = read.content.kind === "yaml" ? read.content.name : undefined;
  const name = given ?? written;
  if (name === undefined) throw environmentUnnamed(flags.file);
  const paths = serverPaths();
  const prefix = environmentPrefix(paths, environmentName(name));
  if (isPart(name) || existsSync(join(prefix, "conda-meta"))) throw environmentExists(name, prefix);
  const environment = { name, paths, prefix, snapshotsDir: paths.snapshots };
  const command = `tljh env create ${name} --file ${read.label}`;
  const request = { ...read, environment, command, prune: false };
  if (flags.dryRun) return printPlan(request, flags);
  mkdirSync(paths.environments, { recursive: true, mode: 0o755 });
  const result = await runRequest(request, flags);
  if (flags.json) return printResult(result);
  print(`${resultText(name, result)}\n`);
  if (!result.records.some((record) => record.name === "ipykernel")) return;
  const python = join(prefix, "bin", "python");
  print(
    `Make it a kernel that users see: sudo ${python} -m ipykernel install --prefix ${paths.user} --name ${name}\n`,
  );
}
