import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { loadConfig } from "../config/load.ts";
import { parseAdmins } from "../install/admins.ts";
import {
  changeNeeds,
  checkArchitecture,
  checkDisk,
  checkOriginal,
  checkPort,
  checkRoot,
  checkSystem,
  checkSystemd,
  installationNeeds,
  parseOsRelease,
} from "../install/preflight.ts";
import { type ServerPaths, serverPaths } from "../system/paths.ts";
import { applyServer } from "./apply.ts";
import { timingsOption } from "./render/timings.ts";
import { type WantedFlags, wantedByFlags } from "./wanted.ts";

interface InstallFlags extends WantedFlags {
  readonly admin?: readonly string[];
  readonly skipFailingPlugins?: boolean;
  readonly json?: boolean;
  readonly timings?: boolean;
}

const examples = `
Examples:
  sudo tljh install --admin alice
  sudo tljh install --admin alice:secret-pass --plugin ./tljh-simple
  sudo tljh install --plugin tljh-repo2docker --plugin npm:tljh-astronomy
  sudo tljh install --lock ./plugins.lock.json

A plugin is a folder, npm:<spec> for npm, or anything else for pip.
Run it again at any time: it changes only what is not as wanted.`;

export function installCommand(): Command {
  return new Command("install")
    .summary("install The Littlest JupyterHub, or bring it up to date")
    .description("Install The Littlest JupyterHub on this server, or bring it up to date.")
    .option("--admin <user...>", "administrators, as NAME or NAME:PASSWORD")
    .option("--plugin <spec...>", "plugins to install")
    .option("--lock <file>", "exactly the plugins of a plugins.lock.json, from another server")
    .option("--channel <url...>", "conda channels, instead of conda-forge")
    .option("--user-requirements-txt-url <url>", "pip requirements for the user environment")
    .option("--skip-failing-plugins", "go on without plugins that fail; they are named")
    .option("--json", "events as JSON lines on standard output")
    .addOption(timingsOption())
    .addHelpText("after", examples)
    .action((flags: InstallFlags) => install(flags));
}

async function install(flags: InstallFlags): Promise<void> {
  const paths = serverPaths();
  const admins = parseAdmins(flags.admin ?? []);
  await preflight(paths);
  const { wanted, pins } = await wantedByFlags(flags, paths);
  const skipFailing = flags.skipFailingPlugins ?? false;
  const { json = false, timings } = flags;
  await applyServer({ paths, wanted, pins, admins, json, skipFailing, timings });
}

/** Refuses what cannot work before anything is changed. */
async function preflight(paths: ServerPaths): Promise<void> {
  checkSystem(parseOsRelease(await readFile("/etc/os-release", "utf8").catch(() => "")));
  checkRoot("tljh install");
  checkArchitecture();
  await checkSystemd();
  await checkOriginal(paths);
  await checkDisk(paths.prefix, existsSync(paths.user) ? changeNeeds : installationNeeds);
  const { effective } = await loadConfig(paths.configFile);
  await checkPort(effective.http.address, effective.http.port);
}
