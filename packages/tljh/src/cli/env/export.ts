import { currentPlatform, exportExplicit, exportYaml } from "@tljh/conda";
import { Command } from "commander";
import { packageSpecs } from "../../install/package-specs.ts";
import { recordedInstallation } from "../context.ts";
import {
  type EnvironmentFlags,
  environmentOption,
  type NamedEnvironment,
  namedEnvironment,
  print,
  printJson,
} from "./environment.ts";

interface ExportFlags extends EnvironmentFlags {
  readonly explicit?: boolean;
  readonly md5?: boolean;
  readonly fromHistory?: boolean;
  readonly builds: boolean;
}

const help = `
Examples:
  sudo tljh env export > environment.yml
  sudo tljh env export --from-history > environment.yml
  sudo tljh env export --explicit > class.lock
  sudo tljh env export --environment hub --json

An environment.yml names packages, pip's too, and is solved anew where it is used. A lock, with
--explicit, names archives and their hashes: what is made of it is the same, on every server with
the same kind of processor. conda, mamba, micromamba and tljh env update read both.`;

export function exportCommand(): Command {
  return new Command("export")
    .summary("write what an environment holds as a file")
    .description("Write what an environment holds as an environment.yml, or as a lock with hashes.")
    .option("--explicit", "a lock: the address and hash of every package of conda's")
    .option("--md5", "MD5 in the lock, for tools from before 2024; SHA-256 unless given")
    .option("--from-history", "in the environment.yml, only what was asked for")
    .option("--no-builds", "in the environment.yml, versions without builds")
    .addOption(environmentOption())
    .option("--json", "the text, and what is not in it, as JSON")
    .addHelpText("after", help)
    .action(writeFile);
}

async function writeFile(flags: ExportFlags): Promise<void> {
  const environment = namedEnvironment("tljh env export", flags.environment);
  const { text, left } = flags.explicit
    ? exportExplicit(environment.prefix, { platform: currentPlatform(), md5: flags.md5 ?? false })
    : { text: await yamlText(environment, flags), left: [] };
  if (flags.json) return printJson({ text, left });
  print(text);
  if (left.length > 0) {
    process.stderr.write(
      `A lock cannot hold what pip installed: ${left.join(", ")}. An environment.yml can.\n`,
    );
  }
}

async function yamlText(
  { name, prefix, paths }: NamedEnvironment,
  { fromHistory = false, builds }: ExportFlags,
): Promise<string> {
  const channels = (await recordedInstallation(paths))?.channels ?? packageSpecs.channels;
  return exportYaml(prefix, { name, channels, fromHistory, withoutBuilds: !builds });
}
