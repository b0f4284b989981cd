import {
  pluginUpgradeUnresolved,
  pluginVersionInvalid,
  pluginVersionNotChosen,
} from "../../errors/plugin-commands.ts";
import { pluginPathMissing } from "../../errors/plugins.ts";
import {
  type LockedPlugin,
  meetsPin,
  type NpmPackage,
  type PluginPins,
  type PluginRequest,
  publicSpec,
} from "../../plugins/index.ts";
import type { Installation } from "../installation.ts";
import { packageOf } from "../package-of.ts";
import type { Installed } from "../python-plugins/report.ts";
import type { PluginPackage } from "./inventory.ts";

/** Where it is looked up what there is to upgrade to. Nothing is changed by it. */
export interface Sources {
  /** What npm would install for a spec today. */
  npm(spec: string): Promise<NpmPackage>;
  /** What pip would install for a spec today. */
  pip(spec: string): Promise<Installed>;
  /** What a folder holds; null where it is gone. */
  folder(
    request: PluginRequest,
  ): Promise<{ readonly content: string; readonly version: string | null } | null>;
}

/** A plugin package that is to be installed as something else than it is now. */
export interface Upgrade {
  readonly package: string;
  readonly from: string | null;
  /** Null where it is known once the package is built. */
  readonly to: string | null;
  readonly before: PluginRequest;
  readonly request: PluginRequest;
  /** As what it is to be installed; null: as the folder is. */
  readonly pin: LockedPlugin | null;
}

const VERSION = /^[A-Za-z0-9][A-Za-z0-9.!+_~-]*$/;

/** What an admin wants of the packages. */
export interface Asked {
  /** At which the package stays from then on; null: the newest that each spec allows. */
  readonly to: string | null;
  /** Whether they were named: then a folder that is gone is an error. */
  readonly named: boolean;
}

/** What upgrading would change. `locked` is what is installed. */
export async function findUpgrades(
  packages: readonly PluginPackage[],
  { to, named }: Asked,
  locked: readonly LockedPlugin[],
  sources: Sources,
): Promise<Upgrade[]> {
  if (to !== null && !VERSION.test(to)) throw pluginVersionInvalid(to);
  const upgrades: Upgrade[] = [];
  for (const { package: name, version: from, request } of packages) {
    if (request === null) continue;
    const current = locked.find(({ spec }) => spec === publicSpec(request.spec));
    const target = await lookUp(name, request, to, sources);
    if (target === null && named) throw pluginPathMissing(request.spec, request.spec);
    if (target === null) continue;
    const { differs, ...found } = target;
    if (current === undefined || differs(current) || found.request.spec !== request.spec)
      upgrades.push({ package: name, from, before: request, ...found });
  }
  return upgrades;
}

interface Target extends Pick<Upgrade, "to" | "request" | "pin"> {
  differs(current: LockedPlugin): boolean;
}

function lookUp(
  name: string,
  request: PluginRequest,
  to: string | null,
  sources: Sources,
): Promise<Target | null> {
  if (to !== null && (packageOf(request) === undefined || / ?@ ?\S+:/.test(request.spec)))
    throw pluginVersionNotChosen(publicSpec(request.spec));
  if (request.kind === "npm") return lookUpNpm(name, request.spec, to, sources);
  if (request.kind === "pip") return lookUpPip(request.spec, to, sources);
  return lookUpFolder(request, sources);
}

async function lookUpNpm(
  name: string,
  spec: string,
  to: string | null,
  { npm }: Sources,
): Promise<Target> {
  const asked = to === null ? spec.slice("npm:".length) : `${name}@${to}`;
  const found = await npm(asked).catch(unresolved(asked));
  const request = {
    spec: to === null ? spec : `npm:${name}@${found.version}`,
    kind: "npm",
  } as const;
  return targetOf(request, found.version, { ...request, spec: publicSpec(request.spec), ...found });
}

async function lookUpPip(spec: string, to: string | null, { pip }: Sources): Promise<Target> {
  const [, project = ""] = /^([^\s[(<>=!~;@]+\s*(?:\[[^\]]*\])?)/.exec(spec) ?? [];
  const request = { spec: to === null ? spec : `${project.trim()}==${to}`, kind: "pip" } as const;
  const { name, version, archive } = await pip(request.spec).catch(unresolved(request.spec));
  return targetOf(request, version, {
    ...request,
    spec: publicSpec(request.spec),
    package: name,
    version,
    archives: archive ? [archive] : [],
  });
}

/** Null where the folder is gone: its copy serves on. */
async function lookUpFolder(request: PluginRequest, { folder }: Sources): Promise<Target | null> {
  const found = await folder(request);
  if (found === null) return null;
  return {
    to: found.version,
    request,
    pin: null,
    differs: (current) => !("content" in current) || current.content !== found.content,
  };
}

const targetOf = (request: PluginRequest, to: string, pin: LockedPlugin): Target => ({
  to,
  request,
  pin,
  differs: (current) => !meetsPin({ ...current, spec: pin.spec, package: pin.package }, pin),
});

const unresolved = (spec: string) => (cause: unknown) => {
  throw pluginUpgradeUnresolved(publicSpec(spec), cause);
};

/** The server with the upgrades: what it is asked to hold, and as what its plugins are installed. */
export function withUpgrades(
  wanted: Installation,
  pins: PluginPins,
  upgrades: readonly Upgrade[],
): { readonly wanted: Installation; readonly pins: PluginPins } {
  const moved = new Map(upgrades.map(({ before, request }) => [before.spec, request]));
  const gone = new Set(upgrades.map(({ before }) => publicSpec(before.spec)));
  return {
    wanted: { ...wanted, plugins: wanted.plugins.map((one) => moved.get(one.spec) ?? one) },
    pins: {
      ...pins,
      plugins: [
        ...pins.plugins.filter(({ spec }) => !gone.has(spec)),
        ...upgrades.flatMap(({ pin }) => pin ?? []),
      ],
    },
  };
}
