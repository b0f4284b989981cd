import { aptFailed } from "../errors/install.ts";
import { tryExec } from "./exec.ts";

const quiet = {
  DEBIAN_FRONTEND: "noninteractive",
  NEEDRESTART_MODE: "a",
};

/** Which of these Debian packages are installed. */
export async function installedAptPackages(names: readonly string[]): Promise<Set<string>> {
  if (names.length === 0) return new Set();
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
  const format = "${db:Status-Status} ${Package}\n";
  const { stdout } = await tryExec("dpkg-query", ["--show", `--showformat=${format}`, ...names]);
  const installed = stdout.split("\n").filter((line) => line.startsWith("installed "));
  return new Set(installed.map((line) => line.slice("installed ".length)));
}

/** Installs Debian packages; waits up to five minutes for another apt to end. */
export async function installAptPackages(
  names: readonly string[],
  onLine: (line: string) => void,
): Promise<void> {
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  const update = await tryExec("apt-get", [...wait, "update", "--yes"], { env: quiet, onLine });
  const install = await tryExec(
    "apt-get",
    [...wait, "install", "--yes", "--no-remove", "--", ...names],
    { env: quiet, onLine },
  );
  if (install.exitCode === 0) return;
  const said = [update, install].map((result) => result.stderr.trim()).filter(Boolean);
  throw aptFailed(names, said.join("\n").split("\n").slice(-15).join("\n"));
}
