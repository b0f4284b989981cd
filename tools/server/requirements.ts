import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { requirementsMissing } from "./errors.ts";

/** Something a test server needs and this machine lacks. */
export interface Missing {
  readonly what: string;
  /** What to type, or to do, to get it. */
  readonly remedy: string;
}

/** What the check looks at, so that a test can stand in for the machine. */
export interface Machine {
  readonly platform: string;
  readonly uid: number;
  has(program: string): boolean;
  hasFile(path: string): boolean;
}

const PROGRAMS: readonly (readonly [program: string, debianPackage: string])[] = [
  ["systemd-nspawn", "systemd-container"],
  ["debootstrap", "debootstrap"],
  ["ip", "iproute2"],
  ["nsenter", "util-linux"],
  ["unshare", "util-linux"],
  ["setpriv", "util-linux"],
  ["tar", "tar"],
];

const SYSTEM_PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const thisMachine: Machine = {
  platform: process.platform,
  uid: process.getuid?.() ?? -1,
  has(program) {
    const folders = [...(process.env.PATH ?? "").split(delimiter).filter(Boolean), ...SYSTEM_PATH];
    return folders.some((folder) => isExecutable(join(folder, program)));
  },
  hasFile: existsSync,
};

function missingPrograms(machine: Machine): Missing[] {
  const lacking = PROGRAMS.filter(([program]) => !machine.has(program));
  return lacking.map(([program, name]) => ({
    what: `the program ${program}`,
    remedy: `apt-get install ${name}`,
  }));
}

/** What is missing on this machine to run a test server; empty when nothing is. */
export function requirements(machine: Machine = thisMachine): Missing[] {
  if (machine.platform !== "linux") {
    return [{ what: "Linux", remedy: "use a Linux machine, or a virtual one, with Debian" }];
  }
  const missing: Missing[] = [];
  if (machine.uid !== 0) {
    missing.push({ what: "root", remedy: "start again with sudo, or as root" });
  }
  if (!machine.has("apt-get")) {
    missing.push({
      what: "apt",
      remedy: "use Debian or a system derived from it: servers are made of its packages",
    });
  }
  missing.push(...missingPrograms(machine));
  if (
    !machine.hasFile("/sys/fs/cgroup/cgroup.procs") &&
    !machine.hasFile("/sys/fs/cgroup/systemd")
  ) {
    missing.push({ what: "cgroups", remedy: "mount -t cgroup2 cgroup2 /sys/fs/cgroup" });
  }
  return missing;
}

/** Throws `SERVER_REQUIREMENTS_MISSING`, which lists everything at once. */
export function checkRequirements(machine: Machine = thisMachine): void {
  const missing = requirements(machine);
  if (missing.length === 0) return;
  throw requirementsMissing(missing.map(({ what, remedy }) => `${what} is missing: ${remedy}`));
}
