import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ServerPaths } from "../system/paths.ts";
import {
  enableUnits,
  reloadUnits,
  restartUnit,
  showUnit,
  type UnitState,
} from "../system/systemd.ts";
import { type Difference, resource } from "./resource.ts";

interface Service {
  readonly unit: string;
  /** Files whose change means that a running service is out of date. */
  inputs(paths: ServerPaths): readonly string[];
}

interface ServiceFound {
  readonly unit: string;
  readonly state: UnitState;
  /** The input that is newer than the service, if there is one. */
  readonly newer: string | null;
}

const unitFile = (unit: string) => join("/etc/systemd/system", unit);
const build = (paths: ServerPaths) => join(paths.app, "BUILD");
const hubEnvironment = (paths: ServerPaths) => [
  join(paths.hub, "conda-meta", "history"),
  join(paths.hub, "etc", "tljh", "pip.json"),
];

/** In the order in which they are started. User servers are units of their own and never restarted. */
const services: readonly Service[] = [
  { unit: "tljhd.socket", inputs: () => [unitFile("tljhd.socket")] },
  {
    unit: "tljhd.service",
    // Plugins live in processes of their own, which it starts anew when plugins have changed.
    inputs: (paths) => [unitFile("tljhd.service"), build(paths)],
  },
  {
    unit: "tljh-proxy.service",
    inputs: (paths) => [
      unitFile("tljh-proxy.service"),
      build(paths),
      paths.proxyConfig,
      paths.proxySecret,
    ],
  },
  {
    unit: "jupyterhub.service",
    inputs: (paths) => [
      unitFile("jupyterhub.service"),
      build(paths),
      paths.configFile,
      paths.configSnippets,
      // Names the plugins that take no part.
      paths.installation,
      paths.proxySecret,
      paths.daemonSecret,
      join(paths.plugins, "package.json"),
      ...hubEnvironment(paths),
    ],
  },
];

/** Every service enabled, running, and started after the last change of what it reads. */
export const runningServices = resource<readonly ServiceFound[]>({
  id: "services",
  title: "Services",
  read: ({ paths }) =>
    Promise.all(
      services.map(async ({ unit, inputs }) => {
        const state = await showUnit(unit);
        const newer = await newerThan(state.startedAt, inputs(paths));
        return { unit, state, newer };
      }),
    ),
  compare: (found) => found.flatMap(serviceDifference),
  async change(found) {
    await reloadUnits();
    await enableUnits(found.map(({ unit }) => unit));
    const due = found.filter((service) => serviceDifference(service).length > 0);
    for (const { unit } of due) await restartUnit(unit);
    const again = due.filter(({ state }) => state.active).map(({ unit }) => unit);
    // What these have read is older again then, but not what they have in memory.
    return async (later) => later(() => restartAll(again));
  },
});

async function restartAll(names: readonly string[]): Promise<void> {
  for (const name of names) await restartUnit(name);
}

function serviceDifference({ unit, state, newer }: ServiceFound): readonly Difference[] {
  if (!state.active) return [{ action: "add", what: `${unit} started` }];
  if (!state.enabled) return [{ action: "add", what: `${unit} started at boot` }];
  if (newer !== null) return [{ action: "change", what: `${unit} restarted (${newer} is newer)` }];
  return [];
}

/** The first path that was modified after a moment, in milliseconds since the epoch; a folder counts with its files. */
async function newerThan(moment: number | null, paths: readonly string[]): Promise<string | null> {
  if (moment === null) return null;
  for (const path of paths) if ((await modifiedAt(path)) > moment) return path;
  return null;
}

async function modifiedAt(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  if (found === null) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const files = (await readdir(path)).filter((name) => name.endsWith(".py"));
  const times = await Promise.all(
    files.map(async (name) => (await stat(join(path, name))).mtimeMs),
  );
  return Math.max(found.mtimeMs, ...times);
}
