import { chmod, mkdir, stat } from "node:fs/promises";
import type { ServerPaths } from "../system/paths.ts";
import { resource } from "./resource.ts";

interface Folder {
  readonly path: string;
  readonly mode: number;
}

/** State and configuration are root's alone; the rest may be read. */
function serverFolders(paths: ServerPaths): readonly Folder[] {
  return [
    { path: paths.prefix, mode: 0o755 },
    { path: paths.state, mode: 0o700 },
    { path: paths.config, mode: 0o700 },
    { path: paths.configSnippets, mode: 0o700 },
    { path: paths.packages, mode: 0o755 },
    { path: paths.plugins, mode: 0o755 },
    { path: paths.snapshots, mode: 0o755 },
  ];
}

export const folders = resource<readonly Folder[]>({
  id: "folders",
  title: "Folders",
  async read({ paths }) {
    const wrong: Folder[] = [];
    for (const folder of serverFolders(paths))
      if ((await modeOf(folder.path)) !== folder.mode) wrong.push(folder);
    return wrong;
  },
  compare: (wrong) =>
    wrong.map(({ path, mode }) => ({ action: "add", what: `${path} (${mode.toString(8)})` })),
  async change(wrong) {
    for (const { path, mode } of wrong) {
      await mkdir(path, { recursive: true, mode });
      await chmod(path, mode);
    }
  },
});

async function modeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mode & 0o7777;
  } catch {
    return null;
  }
}
