import { installAptPackages, installedAptPackages } from "../system/apt.ts";
import { wantedBy } from "./contributed.ts";
import { resource } from "./resource.ts";

/** Names of Debian packages, with the plugins that want them. */
type Missing = ReadonlyMap<string, string>;

export const aptPackages = resource<Missing>({
  id: "apt-packages",
  title: "Debian packages of plugins",
  async read(context) {
    const wanted = wantedBy((await context.contributions()).contributions.aptPackages);
    const installed = await installedAptPackages([...wanted.keys()]);
    return new Map([...wanted].filter(([name]) => !installed.has(name)));
  },
  compare: (missing) => [...missing].map(([what, because]) => ({ action: "add", what, because })),
  async change(missing, { emit }) {
    const onLine = (line: string) => emit({ type: "output", command: "apt-get", line });
    await installAptPackages([...missing.keys()], onLine);
  },
});
