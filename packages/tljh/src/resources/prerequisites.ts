import { access } from "node:fs/promises";
import type { PluginRequest } from "../plugins/index.ts";
import { installAptPackages } from "../system/apt.ts";
import { resource } from "./resource.ts";

interface Program {
  readonly path: string;
  readonly debian: string;
}

/** Programs that a minimal system may lack: what is started by us, by the admins, and by pip for git addresses. */
export function neededPrograms(plugins: readonly PluginRequest[]): readonly Program[] {
  const always = ["sudo", "bzip2"];
  const names = plugins.some(({ spec }) => /(^|@\s*)git\+/.test(spec))
    ? [...always, "git"]
    : always;
  return names.map((name) => ({ path: `/usr/bin/${name}`, debian: name }));
}

export const prerequisites = resource<readonly string[]>({
  id: "prerequisites",
  title: "Debian packages needed",
  async read({ wanted }) {
    const missing: string[] = [];
    for (const { path, debian } of neededPrograms(wanted.plugins))
      await access(path).catch(() => missing.push(debian));
    return missing;
  },
  compare: (missing) => missing.map((name) => ({ action: "add", what: name })),
  async change(missing, { emit }) {
    await installAptPackages(missing, (line) => emit({ type: "output", command: "apt-get", line }));
  },
});
