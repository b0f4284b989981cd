import { Command } from "commander";
import { pluginByHand, pluginUpgradeToOne } from "../../errors/plugin-commands.ts";
import { currentLock } from "../../install/plugin-lock.ts";
import { findPackages } from "../../install/plugins/find.ts";
import { readInventory } from "../../install/plugins/inventory.ts";
import { serverSources } from "../../install/plugins/sources.ts";
import { findUpgrades, type Upgrade, withUpgrades } from "../../install/plugins/upgrades.ts";
import { applyServer } from "../apply.ts";
import { timingsOption } from "../render/timings.ts";
import { type RecordedServer, recordedServer } from "./recorded.ts";

interface UpgradeFlags {
  readonly to?: string;
  readonly skipFailingPlugins?: boolean;
  readonly json?: boolean;
  readonly timings?: boolean;
}

const examples = `
Examples:
  sudo tljh plugin upgrade
  sudo tljh plugin upgrade stars
  sudo tljh plugin upgrade stars --to 1.4.2

Without names all plugins are upgraded: those of npm and of a package index to the newest version that
their spec allows, those of a git repository to what its address leads to now, those of a folder are
copied again. With --to a plugin stays at that version until it is told otherwise. One that fails leaves
everything as it was.`;

export function upgradeCommand(): Command {
  return new Command("upgrade")
    .summary("move plugins to newer versions")
    .description("Move plugins to the newest version that each allows, or to a version given.")
    .argument("[name...]", "the plugins; all of them otherwise")
    .option("--to <version>", "this version, of one plugin")
    .option("--skip-failing-plugins", "go on without plugins that fail; they are named")
    .option("--json", "what is upgraded, and events, as JSON lines on standard output")
    .addOption(timingsOption())
    .addHelpText("after", examples)
    .action((names: string[], flags: UpgradeFlags) => upgradePlugins(names, flags));
}

async function upgradePlugins(names: readonly string[], flags: UpgradeFlags): Promise<void> {
  const { to = null, json = false, timings } = flags;
  const server = await recordedServer("tljh plugin upgrade");
  const upgrades = await upgradesOf(server, names, to);
  const { paths } = server;
  tell(upgrades, json ? "plugins.upgrade" : "To upgrade:", json);
  if (upgrades.length === 0) return;
  const skipFailing = flags.skipFailingPlugins ?? false;
  const { wanted, pins } = withUpgrades(server.wanted, server.pins, upgrades);
  await applyServer({ paths, wanted, pins, admins: [], json, skipFailing, timings });
  const now = await readInventory(paths, wanted.plugins);
  const version = (upgrade: Upgrade) =>
    now.find(({ request }) => request?.spec === upgrade.request.spec)?.version ?? upgrade.to;
  const done = upgrades.map((upgrade) => ({ ...upgrade, to: version(upgrade) }));
  tell(done, json ? "plugins.upgraded" : "Upgraded:", json);
}

async function upgradesOf(
  { paths, wanted, inventory }: RecordedServer,
  names: readonly string[],
  to: string | null,
): Promise<Upgrade[]> {
  const packages = names.length === 0 ? inventory : findPackages(inventory, names);
  if (to !== null && (names.length === 0 || packages.length !== 1)) throw pluginUpgradeToOne();
  const byHand = packages.find(({ request }) => request === null);
  if (byHand && names.length > 0) throw pluginByHand(byHand.package, byHand.language);
  const { plugins } = await currentLock(paths, wanted, null);
  const asked = { to, named: names.length > 0 };
  return findUpgrades(packages, asked, plugins, serverSources(paths));
}

function tell(upgrades: readonly Upgrade[], title: string, json: boolean): void {
  if (json) {
    const plain = upgrades.map(({ package: name, from, to }) => ({ package: name, from, to }));
    process.stdout.write(`${JSON.stringify({ type: title, upgrades: plain })}\n`);
    return;
  }
  if (upgrades.length === 0) process.stdout.write("Nothing to upgrade.\n");
  else process.stdout.write(`${title}\n${upgrades.map(upgradeLine).join("\n")}\n`);
}

/** `tljh-stars 1.0 → 1.2`, or what else there is to tell of it. */
function upgradeLine({ package: name, from, to }: Upgrade): string {
  const before = from ?? "not installed";
  if (to === null) return `  ${name} ${before} → its folder as it is now`;
  return from === to ? `  ${name} ${before} anew` : `  ${name} ${before} → ${to}`;
}
