import { join } from "node:path";
import type { LockedArchive } from "../../plugins/lock/format.ts";
import { publicSpec } from "../../plugins/lock/public-spec.ts";
import type { PythonPlugin } from "../../plugins/python/record.ts";
import { readTextOrNull } from "../../system/files.ts";
import { type Distribution, normalName, requirementName } from "../distributions.ts";
import { folderFingerprint } from "../fingerprint.ts";
import type { PythonRequest, WantedPython } from "./changes.ts";
import { type Installed, lockedArchive, type Origin, parseOrigin } from "./report.ts";

type Distributions = ReadonlyMap<string, Distribution>;

/** All plugins of an environment after a change, with what pip installed for each of them. */
export async function describeAll(after: {
  readonly missing: readonly WantedPython[];
  readonly kept: readonly PythonPlugin[];
  readonly before: readonly PythonPlugin[];
  readonly installed: readonly Installed[];
  readonly distributions: Distributions;
}): Promise<PythonPlugin[]> {
  const { missing, kept, before, installed, distributions } = after;
  const archives = new Map<string, LockedArchive>();
  for (const { name, ...archive } of before.flatMap((plugin) => plugin.archives))
    archives.set(normalName(name), { name, ...archive });
  for (const { name, archive } of installed) if (archive) archives.set(name, archive);
  const plugins: PythonPlugin[] = [];
  for (const plugin of kept)
    plugins.push({ ...plugin, archives: ownArchives(plugin.package, archives, distributions) });
  for (const { request, pin } of missing) {
    const found = await distributionOf(request, pin, installed, distributions);
    if (found === undefined) continue;
    const name = normalName(found.distribution.name);
    if (found.archive) archives.set(name, found.archive);
    const { version } = found.distribution;
    const own = ownArchives(name, archives, distributions);
    const common = { spec: publicSpec(request.spec), package: name, version, archives: own };
    if (request.kind === "pip") plugins.push({ ...common, kind: "pip" });
    else {
      const content = (await folderFingerprint(request.spec)) ?? "";
      plugins.push({ ...common, kind: "folder-python", content });
    }
  }
  return plugins;
}

/** What pip installed for a package: its archive, and those of what it needs, however far down. */
function ownArchives(
  name: string,
  archives: ReadonlyMap<string, LockedArchive>,
  distributions: Distributions,
): LockedArchive[] {
  const found: LockedArchive[] = [];
  const seen = new Set<string>();
  const waiting = [normalName(name)];
  for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
    if (seen.has(one)) continue;
    seen.add(one);
    const archive = archives.get(one);
    const distribution = distributions.get(one);
    if (archive && archive.version === distribution?.version) found.push(archive);
    waiting.push(...(distribution?.requires ?? []));
  }
  return found;
}

interface Found {
  readonly distribution: Distribution;
  /** Set where pip found it installed already. */
  readonly archive?: LockedArchive | undefined;
}

/** The distribution that a request led to: by its pin, its name, or the address it came from. */
async function distributionOf(
  request: PythonRequest,
  pin: PythonPlugin | undefined,
  installed: readonly Installed[],
  distributions: Distributions,
): Promise<Found | undefined> {
  const name = pin?.package ?? requirementName(request.spec);
  const direct = name ?? installed.find(({ origin }) => leadsTo(request.spec, origin))?.name;
  const distribution = direct === undefined ? undefined : distributions.get(normalName(direct));
  if (distribution) return { distribution };
  for (const one of distributions.values()) {
    const origin = parseOrigin(
      (await readTextOrNull(join(one.place, "direct_url.json"))) ?? "null",
    );
    if (!origin || !leadsTo(request.spec, origin)) continue;
    const place = { name: normalName(one.name), version: one.version };
    return { distribution: one, archive: lockedArchive(place, origin, true) };
  }
  return undefined;
}

/** Whether what came from here was asked for by this spec: an address, or a path. */
function leadsTo(spec: string, { url, vcs_info }: Origin): boolean {
  const place = publicSpec(vcs_info ? `${vcs_info.vcs}+${url}` : url);
  if (!spec.startsWith("/")) return publicSpec(spec).includes(place);
  return decodeURIComponent(url) === `file://${spec}`;
}
