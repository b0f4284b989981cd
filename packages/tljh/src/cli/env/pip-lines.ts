import { resolve } from "node:path";

/**
 * A line of pip's requirements, as it stands in an environment.yml, for pip's command line. Files and
 * folders are named from where the environment.yml is.
 */
export function pipArgument(line: string, folder: string): string {
  const [, option, value] = /^(-\w|--[\w-]+)(?:[\s=]+(.*))?$/.exec(line) ?? [];
  if (option === undefined) return isPath(line) ? resolve(folder, line) : line;
  const name = LONG[option] ?? option;
  if (value === undefined || value === "") return name;
  return `${name}=${FILES.has(name) && !value.includes("://") ? resolve(folder, value) : value}`;
}

const LONG: Readonly<Record<string, string>> = {
  "-r": "--requirement",
  "-c": "--constraint",
  "-e": "--editable",
  "-i": "--index-url",
  "-f": "--find-links",
};

const FILES = new Set(["--requirement", "--constraint", "--editable", "--find-links"]);

const isPath = (line: string) => /^\.{0,2}\//.test(line) || line === "." || line === "..";
