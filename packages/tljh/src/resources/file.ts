import { readFile, stat } from "node:fs/promises";
import { writeFileAtomic } from "../system/files.ts";
import type { AnyResource, ServerContext } from "./resource.ts";
import { resource } from "./resource.ts";

export interface WantedFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** Files whose whole content is ours: written in one step, and compared byte for byte. */
export function filesResource(definition: {
  readonly id: string;
  readonly title: string;
  files(context: ServerContext): Promise<readonly WantedFile[]> | readonly WantedFile[];
  /** What must follow once files were changed. */
  after?(context: ServerContext): Promise<void>;
}): AnyResource {
  return resource<readonly WantedFile[]>({
    id: definition.id,
    title: definition.title,
    async read(context) {
      const wrong: WantedFile[] = [];
      for (const file of await definition.files(context))
        if (!(await isAsWanted(file))) wrong.push(file);
      return wrong;
    },
    compare: (wrong) => wrong.map(({ path }) => ({ action: "change", what: path })),
    async change(wrong, context) {
      for (const { path, content, mode } of wrong) await writeFileAtomic(path, content, { mode });
      await definition.after?.(context);
    },
  });
}

async function isAsWanted({ path, content, mode }: WantedFile): Promise<boolean> {
  try {
    const found = await stat(path);
    return (found.mode & 0o7777) === mode && (await readFile(path, "utf8")) === content;
  } catch {
    return false;
  }
}
