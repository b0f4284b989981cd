import { resolve } from "node:path";
import { Command } from "commander";
import {
  type Language,
  pluginFiles,
  pluginNames,
  writeFiles,
} from "../../authors/scaffold/index.ts";
import { sdkFolder } from "../../authors/sdk.ts";

interface NewFlags {
  readonly python?: boolean;
  readonly directory?: string;
  readonly json?: boolean;
}

const examples = `
Examples:
  tljh plugin new stars
  tljh plugin new stars --python
  tljh plugin new @observatory/stars --directory ~/plugins/stars

A name without tljh- in front gets it. Nothing that is there is overwritten.`;

export function newCommand(): Command {
  return new Command("new")
    .summary("make a plugin's folder that works at once")
    .description(
      "Make a plugin's folder that works at once: hooks, manifest, tests, README, licence.",
    )
    .argument("<name>", "the plugin's name, as in stars or tljh-stars")
    .option("--python", "in Python; in TypeScript otherwise")
    .option("--directory <dir>", "the folder to make; ./tljh-NAME otherwise")
    .option("--json", "what was made, as JSON")
    .addHelpText("after", examples)
    .action((name: string, flags: NewFlags) => makePlugin(name, flags));
}

async function makePlugin(name: string, flags: NewFlags): Promise<void> {
  const language: Language = flags.python ? "python" : "typescript";
  const names = pluginNames(name, language);
  const asGiven = flags.directory ?? `./${names.folder}`;
  const folder = resolve(asGiven);
  const files = pluginFiles(names, language, { year: new Date().getFullYear(), sdk: sdkFolder() });
  await writeFiles(folder, files);
  const made = { ...names, language, folder, files: Object.keys(files) };
  process.stdout.write(flags.json ? `${JSON.stringify(made, null, 2)}\n` : madeText(made, asGiven));
}

interface Made {
  readonly package: string;
  readonly language: Language;
  readonly folder: string;
  readonly files: readonly string[];
}

function madeText({ package: name, language, folder, files }: Made, asGiven: string): string {
  const called = language === "python" ? "Python" : "TypeScript";
  const path = shellWord(asGiven);
  return `Made ${name}, a plugin in ${called}, in ${folder}:
${files.map((file) => `  ${file}`).join("\n")}

What to type next:
  tljh plugin check ${path}
  tljh plugin test ${path}
  sudo tljh install --plugin ${path}
`;
}

/** A path as it is typed; what does not begin with a dot or a slash would be taken for a package's name. */
function shellWord(path: string): string {
  const told = /^(\.|\/|~\/)/.test(path) ? path : `./${path}`;
  return /^[\w./~@%+=:,-]+$/.test(told) ? told : `'${told.replaceAll("'", `'\\''`)}'`;
}
