import {
  findNodePlugins,
  type PluginRequest,
  publicSpec,
  readPythonPlugins,
} from "../../plugins/index.ts";
import type { ServerPaths } from "../../system/paths.ts";
import { type Distribution, normalName, readDistributions } from "../distributions.ts";

/** A package with plugins in it, as it is on the server: nothing of it was loaded to tell. */
export interface PluginPackage {
  readonly package: string;
  /** Null where it is not installed, or cannot be read. */
  readonly version: string | null;
  readonly language: "typescript" | "python";
  /** How it was asked for; null where somebody has installed it by hand. */
  readonly request: PluginRequest | null;
  /** The names of the plugins in it. */
  readonly plugins: readonly string[];
  /** What is wrong with the package as a whole. */
  readonly error?: unknown;
}

/** Our own package, which offers no plugin. */
const OWN = new Set(["the-littlest-jupyterhub", "tljh"]);

/** All packages with plugins, and all that were asked for: those in TypeScript first, each by name. */
export async function readInventory(
  paths: Pick<ServerPaths, "plugins" | "hub">,
  wanted: readonly PluginRequest[],
): Promise<PluginPackage[]> {
  const found = [...(await nodePackages(paths.plugins)), ...(await pythonPackages(paths.hub))];
  const packages = found.map((one) => ({ ...one, request: asWanted(one.request, wanted) }));
  const known = new Set(packages.map(({ request }) => request?.spec));
  const absent = wanted.filter(({ spec }) => !known.has(spec));
  return [...packages, ...absent.map(notInstalled)].sort(byLanguageAndName);
}

/** As it is on record, which is where the passwords of an address are. */
function asWanted(
  request: PluginRequest | null,
  wanted: readonly PluginRequest[],
): PluginRequest | null {
  if (request === null) return null;
  return wanted.find(({ spec }) => publicSpec(spec) === publicSpec(request.spec)) ?? request;
}

async function nodePackages(plugins: string): Promise<PluginPackage[]> {
  return (await findNodePlugins(plugins)).map((found): PluginPackage => {
    const { package: name, spec, kind, byHand } = found.source;
    const common = {
      package: name,
      language: "typescript",
      request: byHand ? null : { spec, kind },
    } as const;
    if ("error" in found) return { ...common, version: null, plugins: [], error: found.error };
    const [first] = found.plugins;
    return {
      ...common,
      version: first?.version ?? null,
      plugins: found.plugins.map((one) => one.name),
    };
  });
}

async function pythonPackages(hub: string): Promise<PluginPackage[]> {
  const distributions = await readDistributions(hub);
  const recorded = await readPythonPlugins(hub);
  const ours = new Set([...OWN, ...recorded.map((one) => normalName(one.package))]);
  const byHand = [...distributions].filter(
    ([name, { plugins }]) => plugins.length > 0 && !ours.has(name),
  );
  return [
    ...recorded.map(({ spec, kind, package: name }) =>
      pythonPackage(name, distributions.get(normalName(name)), { spec, kind }),
    ),
    ...byHand.map(([, one]) => pythonPackage(one.name, one, null)),
  ];
}

const pythonPackage = (
  name: string,
  distribution: Distribution | undefined,
  request: PluginRequest | null,
): PluginPackage => ({
  package: name,
  version: distribution?.version ?? null,
  language: "python",
  request,
  plugins: distribution?.plugins ?? [],
});

const notInstalled = (request: PluginRequest): PluginPackage => ({
  package: publicSpec(request.spec),
  version: null,
  language: request.kind.endsWith("npm") ? "typescript" : "python",
  request,
  plugins: [],
});

function byLanguageAndName(one: PluginPackage, other: PluginPackage): number {
  if (one.language !== other.language) return one.language === "typescript" ? -1 : 1;
  return one.package < other.package ? -1 : 1;
}
