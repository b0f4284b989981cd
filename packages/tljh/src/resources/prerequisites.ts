import { access } from "node:fs/promises";
import { installAptPackages } from "../system/apt.ts";
import { resource } from "./resource.ts";

/** Programs that this product starts and that a minimal system may lack, with the Debian package of each. */
const programs = [
  { path: "/usr/bin/sudo", debian: "sudo" },
  { path: "/usr/bin/bzip2", debian: "bzip2" },
] as const;

export const prerequisites = resource<readonly string[]>({
  id: "prerequisites",
  title: "Debian packages needed",
  async read() {
    const missing: string[] = [];
    for (const { path, debian } of programs) await access(path).catch(() => missing.push(debian));
    return missing;
  },
  compare: (missing) => missing.map((name) => ({ action: "add", what: name })),
  async change(missing, { emit }) {
    await installAptPackages(missing, (line) => emit({ type: "output", command: "apt-get", line }));
  },
});
