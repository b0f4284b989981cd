import {
  type CondaEventSink,
  currentPlatform,
  type Repair,
  repairPrefix,
  type Verification,
  verifyPrefix,
} from "@tljh/conda";
import { Command } from "commander";
import { environmentDamaged, pipPackagesDamaged } from "../../errors/environments.ts";
import { checkEnvironment } from "../../install/check/check.ts";
import { timingsOption } from "../render/timings.ts";
import {
  asStep,
  type EnvironmentFlags,
  environmentOption,
  type NamedEnvironment,
  namedEnvironment,
  print,
  printJson,
} from "./environment.ts";

interface VerifyFlags extends EnvironmentFlags {
  readonly repair?: boolean;
}

const help = `
Examples:
  sudo tljh env verify
  sudo tljh env verify --repair
  sudo tljh env verify --environment hub --json

Ends with 1 when a file is missing or changed. Settings below etc/ are there to be edited, and files
that belong to no package may be yours: both are told, and left as they are.`;

export function verifyCommand(): Command {
  return new Command("verify")
    .summary("compare every file with what its package says")
    .description("Compare every file of an environment with what its package says of it.")
    .option("--repair", "put packages with missing or changed files in place anew")
    .addOption(environmentOption())
    .option("--json", "what was found as JSON")
    .addOption(timingsOption())
    .addHelpText("after", help)
    .action((flags: VerifyFlags) => (flags.repair ? repair(flags) : verify(flags)));
}

async function verify(flags: VerifyFlags): Promise<void> {
  const environment = namedEnvironment("tljh env verify", flags.environment);
  const json = flags.json ?? false;
  const title = `Verifying the ${environment.name} environment`;
  const found = await asStep(
    environment,
    { title, json, timings: flags.timings },
    async (onEvent) => {
      const result = await verifyPrefix(environment.prefix, { onEvent });
      return { result, summary: `${result.checked} files` };
    },
  );
  if (json) printJson(found);
  else print(verificationText(found));
  if (found.damaged.length > 0) throw damage(environment.name, found);
}

async function repair(flags: VerifyFlags): Promise<void> {
  const environment = namedEnvironment("tljh env verify", flags.environment);
  const json = flags.json ?? false;
  const title = `Repairing the ${environment.name} environment`;
  const done = await asStep(
    environment,
    { title, json, timings: flags.timings },
    async (onEvent) => {
      const result = await repairEnvironment(environment, onEvent);
      return { result, summary: result.repaired.join(", ") };
    },
  );
  if (json) printJson(done);
  else print(repairText(done));
  if (done.left.length > 0) throw pipPackagesDamaged(environment.name, done.left);
}

function repairEnvironment(
  { name, paths, prefix, snapshotsDir }: NamedEnvironment,
  onEvent: CondaEventSink,
): Promise<Repair> {
  return repairPrefix({
    prefix,
    snapshotsDir,
    cacheDir: paths.packages,
    platform: currentPlatform(),
    command: "tljh env verify --repair",
    check: (staged) => checkEnvironment(staged, name),
    onEvent,
  });
}

const MOST_NAMED = 20;

function damage(name: string, { damaged }: Verification): Error {
  const lines = damaged
    .slice(0, MOST_NAMED)
    .map(({ path, state, packages }) => `${path} (${packages.join(", ")}) is ${state}`);
  const more = damaged.length - lines.length;
  const all = more > 0 ? [...lines, `and ${more} more`] : lines;
  return environmentDamaged(name, damaged.length, all);
}

/** What was found beyond damage, for a reader. */
function verificationText({ checked, edited, extra, replaced }: Verification): string {
  const lines = [
    `${checked} files were looked at.`,
    ...listed("Edited settings, left as they are", edited),
    ...listed("Files of no package, left as they are", extra),
    ...listed("Packages of conda that pip has put another version in the place of", replaced),
  ];
  return `${lines.join("\n")}\n`;
}

function listed(title: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length - MOST_NAMED;
  const shown = names.slice(0, MOST_NAMED).map((name) => `  ${name}`);
  return [`${title} (${names.length}):`, ...shown, ...(more > 0 ? [`  and ${more} more`] : [])];
}

function repairText({ repaired, generation, found }: Repair): string {
  if (generation === undefined)
    return `${found.checked} files were looked at, and none repaired.\n`;
  return `Put in place anew: ${repaired.join(", ")}. This is generation ${generation.number}.\n`;
}
