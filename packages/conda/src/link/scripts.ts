import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CondaEventSink } from "../events.ts";
import { scriptFailed } from "../prefix/errors.ts";
import type { PackageRecord } from "../types.ts";
import type { LinkTarget } from "./linker.ts";

export type ScriptKind = "post-link" | "pre-unlink";

/** Runs a command with the target directory seen at its final path. */
export type RunInPrefix = (
  argv: readonly string[],
  options: { readonly environment: Readonly<Record<string, string>>; readonly reject: false },
) => Promise<{ readonly exitCode: number | null; readonly output: string }>;

/** Runs a package's own script, if it has one, with the variables that conda sets. */
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
    PREFIX: target.prefix,
    PKG_NAME: record.name,
    PKG_VERSION: record.version,
    PKG_BUILDNUM: String(record.build_number),
  };
  const argv = ["/bin/bash", join(target.prefix, script)];
  const { exitCode, output } = await run(argv, { environment, reject: false });
  if (exitCode !== 0) throw scriptFailed(record.name, kind, exitCode, output);
  tellMessage(record.name, target.directory, onEvent);
}

/** What the script of a package has to say to the admin, which it writes into a file. */
function tellMessage(packageName: string, directory: string, onEvent: CondaEventSink): void {
  const file = join(directory, ".messages.txt");
  if (!existsSync(file)) return;
  const message = `${packageName}: ${readFileSync(file, "utf8").trim()}`;
  rmSync(file);
  onEvent({ type: "warning", code: "CONDA_PACKAGE_MESSAGE", message });
}
