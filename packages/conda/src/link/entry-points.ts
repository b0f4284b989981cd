import { pythonShebang } from "./placeholder.ts";

export interface EntryPoint {
  readonly command: string;
  readonly module: string;
  readonly attribute: string;
}

/** `jupyter-lab = jupyterlab.labapp:main`; `undefined` where the text is something else. */
export function parseEntryPoint(text: string): EntryPoint | undefined {
  const [, command, module, attribute] =
    /^\s*([^=\s/]+)\s*=\s*([\w.]+)\s*:\s*([\w.]+)\s*(?:\[.*\])?\s*$/.exec(text) ?? [];
  if (command === undefined || module === undefined || attribute === undefined) return undefined;
  if (command === "." || command === "..") return undefined;
  return { command, module, attribute };
}

/** The script that conda writes for an entry point. */
export function entryPointScript(entryPoint: EntryPoint, python: string): string {
  const imported = entryPoint.attribute.split(".")[0];
  return `${pythonShebang(python)}# -*- coding: utf-8 -*-
import re
import sys

from ${entryPoint.module} import ${imported}

if __name__ == '__main__':
    sys.argv[0] = re.sub(r'(-script\\.pyw?|\\.exe)?$', '', sys.argv[0])
    sys.exit(${entryPoint.attribute}())
`;
}
