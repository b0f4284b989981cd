import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CondaEventSink } from "../events.ts";
import { scriptFailed } from "../prefix/errors.ts";
import type { PackageRecord } from "../types.ts";
import type { LinkTarget } from "./linker.ts";

/** Of a script that failed, in characters: the reason stands at the end. */
const SHOWN_OUTPUT = 2000;

export type ScriptKind = "post-link" | "pre-unlink";

/** Runs a command with the target directory seen at its final path. */
export type RunInPrefix = (
  argv: readonly string[],
  options: {
    readonly environment: Readonly<Record<string, string>>;
    readonly cwd: string;
    readonly reject: false;
  },
) => Promise<{ readonly exitCode: number | null; readonly output: string }>;

/**
 * Runs a package's own script, if it has one, with the variables that conda sets. As with conda, a
 * `post-link` script that fails is an error, and a `pre-unlink` script that fails keeps nobody
 * from being rid of its package.
 */
export async function runPackageScript(
  kind: ScriptKind,
  record: PackageRecord,
  target: LinkTarget,
  run: RunInPrefix,
  onEvent: CondaEventSink = () => {},
): Promise<void> {
  const script = `bin/.${record.name}-${kind}.sh`;
  if (!existsSync(join(target.directory, script))) return;
  const environment = {
    // conda's own environment: this one has its own conda, or none.
    ROOT_PREFIX: target.prefix,
    PREFIX: target.prefix,
    PKG_NAME: record.name,
    PKG_VERSION: record.version,
    PKG_BUILDNUM: String(record.build_number),
  };
  const argv = ["/bin/bash", join(target.prefix, script)];
  const cwd = join(target.prefix, "bin");
  const { exitCode, output } = await run(argv, { environment, cwd, reject: false });
  tellMessage(record.name, target.directory, onEvent);
  if (exitCode === 0) return;
  if (kind === "post-link") throw scriptFailed(record.name, kind, exitCode, output);
  tellUnlinkFailed(record.name, exitCode, output.trim().slice(-SHOWN_OUTPUT), onEvent);
}

/** A package goes although its own script for that did not do what it should. */
function tellUnlinkFailed(
  packageName: string,
  exitStatus: number | null,
  output: string,
  onEvent: CondaEventSink,
): void {
  const message = `Package ${packageName} was removed, but its pre-unlink script failed with exit status ${exitStatus}: ${output}`;
  onEvent({ type: "warning", code: "CONDA_UNLINK_SCRIPT_FAILED", message });
}

/** What the script of a package has to say to the admin, which it writes into a file. */
function tellMessage(packageName: string, directory: string, onEvent: CondaEventSink): void {
  const file = join(directory, ".messages.txt");
  if (!existsSync(file)) return;
  const message = `${packageName}: ${readFileSync(file, "utf8").trim()}`;
  rmSync(file);
  onEvent({ type: "warning", code: "CONDA_PACKAGE_MESSAGE", message });
}
