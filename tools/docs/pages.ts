import { execa } from "execa";
import { configReference, jsonSchema } from "../../packages/tljh/src/config/reference.ts";
import { commandsPage } from "./commands.ts";
import { errorsPage } from "./errors/page.ts";
import { hooksPage } from "./hooks.ts";

/** The pages that are made from the sources, each by its path in the project. */
export const pages: Readonly<Record<string, (root: string) => Promise<string>>> = {
  "docs/commands.md": commandsPage,
  "docs/config.schema.json": schemaFile,
  "docs/configuration.md": async () => configReference(),
  "docs/errors.md": errorsPage,
  "docs/hooks.md": hooksPage,
};

/** The schema as the formatter wants it, so that the check of the formatting is content with it. */
async function schemaFile(root: string): Promise<string> {
  const { stdout } = await execa("biome", ["format", "--stdin-file-path=schema.json"], {
    cwd: root,
    input: JSON.stringify(jsonSchema()),
    preferLocal: true,
    stripFinalNewline: false,
  });
  return stdout;
}
