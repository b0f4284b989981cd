import { pipFailed } from "../../errors/install.ts";
import { pluginPinUnmet } from "../../errors/plugin-lock.ts";
import type { EventSink } from "../../events.ts";
import { checkContent, publicSpec } from "../../plugins/index.ts";
import { readPythonPlugins, writePythonPlugins } from "../../plugins/python/record.ts";
import { normalName, readDistributions } from "../distributions.ts";
import { folderFingerprint } from "../fingerprint.ts";
import { forgetBrought, pipUninstall } from "../pip.ts";
import { type Pip, type PipFailed, type PipTarget, pipInstall } from "../pip-run.ts";
import { goingWith, type PythonChanges, type WantedPython } from "./changes.ts";
import { describeAll } from "./describe.ts";
import { type Installed, parseReport } from "./report.ts";
import { requirementsOf } from "./requirements.ts";

export interface PythonEvents {
  readonly emit: EventSink;
  /** Told of each that cannot be installed, and that the others go on without; without it the first ends all. */
  readonly onFailing?: (spec: string, error: unknown) => Promise<void>;
}

/** Has pip make the changes in a staged environment, and records there what it installed. */
export async function changePythonPlugins(
  staged: PipTarget,
  { missing, unwanted }: PythonChanges,
  { emit, onFailing }: PythonEvents,
): Promise<void> {
  if (missing.length === 0 && unwanted.length === 0) return;
  const { directory } = staged;
  const pip: Pip = { staged, environment: "hub", emit };
  const before = await readPythonPlugins(directory);
  const dropped = unwanted.map((one) => one.spec);
  const asked = missing.map(({ request }) => publicSpec(request.spec));
  const kept = before.filter(({ spec }) => ![...dropped, ...asked].includes(spec));
  const installed = await installAll(pip, missing, kept.map(constraint), onFailing);
  if (unwanted.length > 0) {
    const wanted = [...kept.map((one) => one.spec), ...asked];
    await uninstall(pip, wanted, dropped);
  }
  const distributions = await readDistributions(directory);
  const plugins = await describeAll({ missing, kept, before, installed, distributions });
  await writePythonPlugins(directory, plugins);
}

/** What stays is not moved by what comes. */
const constraint = (plugin: { readonly package: string; readonly version: string }) =>
  `${plugin.package}==${plugin.version}`;

async function uninstall(
  pip: Pip,
  wanted: readonly string[],
  dropped: readonly string[],
): Promise<void> {
  const { directory } = pip.staged;
  const going = await goingWith(directory, wanted, await readDistributions(directory));
  const names = going.map(({ name }) => normalName(name));
  if (names.length > 0) await pipUninstall(pip, names);
  await forgetBrought(directory, names, dropped);
}

/** All at once, or one by one where that fails and is to end nothing. */
async function installAll(
  pip: Pip,
  missing: readonly WantedPython[],
  constraints: readonly string[],
  onFailing: PythonEvents["onFailing"],
): Promise<Installed[]> {
  try {
    return await install(pip, missing, constraints);
  } catch (error) {
    if (onFailing === undefined) throw error;
    const installed: Installed[] = [];
    for (const one of missing) {
      const found = await install(pip, [one], constraints).catch(async (reason: unknown) => {
        await onFailing(publicSpec(one.request.spec), reason);
        return [];
      });
      installed.push(...found);
    }
    return installed;
  }
}

async function install(
  pip: Pip,
  missing: readonly WantedPython[],
  constraints: readonly string[],
): Promise<Installed[]> {
  for (const { request, pin } of missing)
    if (pin?.kind === "folder-python")
      checkContent(request.spec, await folderFingerprint(request.spec), pin);
  const { hashed, direct, pinned, free } = requirementsOf(missing);
  const names = (isPinned: boolean) =>
    missing.filter(({ pin }) => (pin !== undefined) === isPinned).map(shownName);
  const asPinned = (said: string) => pluginPinUnmet(names(true), publicSpec(said));
  const asAsked = (said: string) => pipFailed("hub", names(false), publicSpec(said));
  const entries = missing.map(({ request }) => publicSpec(request.spec));
  const run = async (
    requirements: readonly string[],
    args: readonly string[],
    failed: PipFailed,
    bounds = constraints,
  ) => {
    if (requirements.length === 0) return [];
    const wish = { args, requirements, constraints: bounds, entries };
    return parseReport(await pipInstall(pip, wish, failed));
  };
  const again = ["--force-reinstall", "--no-deps"];
  return [
    // Hashes are asked for of everything in sight, so constraints would need them too.
    ...(await run(hashed, ["--require-hashes", ...again], asPinned, [])),
    ...(await run(direct, again, asPinned)),
    ...(await run(pinned, [], asPinned)),
    ...(await run(free, ["--upgrade"], asAsked)),
  ];
}

const shownName = ({ request, pin }: WantedPython) =>
  pin ? `${pin.package} ${pin.version}` : publicSpec(request.spec);
