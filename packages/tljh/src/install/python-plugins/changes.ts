import type { PluginRequest } from "../../plugins/index.ts";
import { meetsPin } from "../../plugins/lock/installed.ts";
import { type PluginPins, pinOf } from "../../plugins/lock/pins.ts";
import { publicSpec } from "../../plugins/lock/public-spec.ts";
import { type PythonPlugin, readPythonPlugins } from "../../plugins/python/record.ts";
import { type Distribution, normalName, readDistributions } from "../distributions.ts";
import { folderFingerprint } from "../fingerprint.ts";
import { readPipRecord } from "../pip.ts";
import { readBrought, unneededDistributions } from "../pip-brought.ts";

/** A request for pip: of a package, an address or an archive, or of a folder with a Python project. */
export interface PythonRequest extends PluginRequest {
  readonly kind: "pip" | "folder-python";
}

/** What the hub's environment must hold of plugins in Python. */
export interface PythonWish {
  readonly requests: readonly PythonRequest[];
  readonly pins: PluginPins;
}

/** What pip must do; the pin of a request says as what it is to be installed. */
export interface PythonChanges {
  readonly missing: readonly WantedPython[];
  /** Plugins that nobody asks for any more. */
  readonly unwanted: readonly PythonPlugin[];
  /** The distributions that go with those. */
  readonly going: readonly Distribution[];
}

export interface WantedPython {
  readonly request: PythonRequest;
  readonly pin: PythonPlugin | undefined;
}

export const pythonRequests = (requests: readonly PluginRequest[]): PythonRequest[] =>
  requests.filter(
    (one): one is PythonRequest => one.kind === "pip" || one.kind === "folder-python",
  );

/**
 * What is not installed as asked for (not there, not as pinned, from a folder that has changed), and
 * what is asked for no longer; nothing where nothing is said of plugins.
 */
export async function pythonChanges(
  environment: string,
  wish: PythonWish | undefined,
): Promise<PythonChanges> {
  if (wish === undefined) return { missing: [], unwanted: [], going: [] };
  const { requests, pins } = wish;
  const recorded = await readPythonPlugins(environment);
  const distributions = await readDistributions(environment);
  const missing: WantedPython[] = [];
  for (const request of requests) {
    const spec = publicSpec(request.spec);
    const found = recorded.find((one) => one.spec === spec);
    const pin = pinOf(pins, request);
    if (!found || !isThere(found, distributions) || (await differs(found, request, pin)))
      missing.push({ request, pin });
  }
  const specs = new Set(requests.map((request) => publicSpec(request.spec)));
  const unwanted = recorded.filter((one) => !specs.has(one.spec));
  const going = unwanted.length === 0 ? [] : await goingWith(environment, specs, distributions);
  return { missing, unwanted, going };
}

/** What pip brought for plugins that are wanted no longer, and nobody else asks for or needs. */
export async function goingWith(
  environment: string,
  wanted: Iterable<string>,
  distributions: ReadonlyMap<string, Distribution>,
): Promise<Distribution[]> {
  const entries = Object.keys(await readPipRecord(environment));
  const brought = await readBrought(environment);
  const names = unneededDistributions(distributions, brought, [...wanted, ...entries]);
  return names.flatMap((name) => distributions.get(name) ?? []);
}

function isThere(found: PythonPlugin, distributions: ReadonlyMap<string, Distribution>): boolean {
  return distributions.get(normalName(found.package))?.version === found.version;
}

/** A folder that is gone has not changed: it was installed before. */
async function differs(
  found: PythonPlugin,
  request: PythonRequest,
  pin: PythonPlugin | undefined,
): Promise<boolean> {
  if (pin) return !meetsPin(found, pin);
  if (found.kind !== "folder-python") return false;
  const content = await folderFingerprint(request.spec);
  return content !== null && content !== found.content;
}
