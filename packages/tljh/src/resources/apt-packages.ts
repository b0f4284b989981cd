import { type Contribution, collectContributions } from "../plugins/index.ts";
import { installAptPackages, installedAptPackages } from "../system/apt.ts";
import { resource } from "./resource.ts";

export const aptPackages = resource<readonly Contribution[]>({
  id: "apt-packages",
  title: "Debian packages of plugins",
  async read(context) {
    const { manager } = await context.plugins();
    const wanted = (await collectContributions(manager)).aptPackages;
    const installed = await installedAptPackages(wanted.map((entry) => entry.value));
    return wanted.filter((entry) => !installed.has(entry.value));
  },
  compare: (missing) =>
    missing.map(({ value, plugin }) => ({ action: "add", what: value, because: plugin })),
  async change(missing, { emit }) {
    const names = [...new Set(missing.map((entry) => entry.value))];
    await installAptPackages(names, (line) => emit({ type: "output", command: "apt-get", line }));
  },
});
