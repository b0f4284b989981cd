import { aptFailed } from "../errors/install.ts";
import { aptRemovalFailed } from "../errors/plugin-removal.ts";
import { tryExec } from "./exec.ts";

const quiet = {
  DEBIAN_FRONTEND: "noninteractive",
  NEEDRESTART_MODE: "a",
};

const lock = ["-o", "DPkg::Lock::Timeout=300"];

/** Of `name`, `name:architecture`, `name=version` and `name/release` the name that dpkg knows. */
export function aptName(spec: string): string {
  return spec.replace(/[=/].*$/, "");
}

/** Which of these Debian packages are installed, as they were given; `name=version` in that version. */
export async function installedAptPackages(specs: readonly string[]): Promise<Set<string>> {
  if (specs.length === 0) return new Set();
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
  const format = "${db:Status-Status} ${Package} ${Architecture} ${Version}\n";
  const names = [...new Set(specs.map(aptName))];
  const { stdout } = await tryExec("dpkg-query", ["--show", `--showformat=${format}`, ...names]);
  const lines = stdout.split("\n").map((line) => line.split(" "));
  const installed = lines.filter(([status]) => status === "installed");
  return new Set(specs.filter((spec) => installed.some((line) => isPackage(spec, line))));
}

function isPackage(spec: string, [, name, architecture, version]: readonly string[]): boolean {
  const [, wanted] = spec.split("=");
  const own = aptName(spec);
  return (own === name || own === `${name}:${architecture}`) && (wanted ?? version) === version;
}

/** The names of all packages that apt would take out together with these; nothing is changed. */
export async function simulateAptRemoval(names: readonly string[]): Promise<readonly string[]> {
  const argv = [...lock, "--simulate", "remove", "--", ...names];
  const { exitCode, stdout, stderr } = await tryExec("apt-get", argv, { env: quiet });
  if (exitCode !== 0) throw aptRemovalFailed(names, lastLines(stderr));
  return [...stdout.matchAll(/^(?:Remv|Purg) (\S+)/gm)].map(([, name = ""]) => name);
}

/** Takes Debian packages out, their configuration files excepted; no package goes with them. */
export async function removeAptPackages(
  names: readonly string[],
  onLine: (line: string) => void,
): Promise<void> {
  const more = (await simulateAptRemoval(names)).filter((name) => !names.includes(name));
  if (more.length > 0) throw aptRemovalFailed(names, `apt would take out ${more.join(" ")} too`);
  const argv = [...lock, "remove", "--yes", "--", ...names];
  const { exitCode, stderr } = await tryExec("apt-get", argv, { env: quiet, onLine });
  if (exitCode !== 0) throw aptRemovalFailed(names, lastLines(stderr));
}

/** Installs Debian packages; waits up to five minutes for another apt to end. */
export async function installAptPackages(
  names: readonly string[],
  onLine: (line: string) => void,
): Promise<void> {
  const update = await tryExec("apt-get", [...lock, "update", "--yes"], { env: quiet, onLine });
  const install = await tryExec(
    "apt-get",
    [...lock, "install", "--yes", "--no-remove", "--", ...names],
    { env: quiet, onLine },
  );
  if (install.exitCode === 0) return;
  const said = [update, install].map((result) => result.stderr.trim()).filter(Boolean);
  throw aptFailed(names, lastLines(said.join("\n")));
}

const lastLines = (text: string) => text.trim().split("\n").slice(-15).join("\n");
