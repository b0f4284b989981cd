import { isDeepStrictEqual } from "node:util";
import { currentLock } from "../install/plugin-lock.ts";
import { formatLock, type PluginLock, readLock } from "../plugins/index.ts";
import { writeFileAtomic } from "../system/files.ts";
import { type Difference, resource } from "./resource.ts";

interface Found {
  readonly before: PluginLock | null;
  readonly after: PluginLock;
}

/** `plugins.lock.json`, last of all: it says what a change that has succeeded has led to. */
export const pluginLock = resource<Found>({
  id: "plugin-lock",
  title: "Lock of plugins",
  async read({ paths, wanted }) {
    const before = await readLock(paths.pluginLock);
    return { before, after: await currentLock(paths, wanted, before) };
  },
  compare: (found, { paths }) => lockDifferences(found, paths.pluginLock),
  async change({ after }, { paths }) {
    await writeFileAtomic(paths.pluginLock, formatLock(after), { mode: 0o600 });
  },
});

function lockDifferences({ before, after }: Found, path: string): Difference[] {
  if (before === null) return [{ action: "add", what: path }];
  if (isDeepStrictEqual(before, after)) return [];
  const specs = ({ plugins }: PluginLock) => new Set(plugins.map(({ spec }) => spec));
  const named = (action: "add" | "remove", there: Set<string>, other: Set<string>) => {
    const own = [...there].filter((spec) => !other.has(spec));
    return own.map((spec): Difference => ({ action, what: `${spec} in ${path}` }));
  };
  return [
    { action: "change", what: path },
    ...named("add", specs(after), specs(before)),
    ...named("remove", specs(before), specs(after)),
  ];
}
