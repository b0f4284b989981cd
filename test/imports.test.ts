import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const config = ".dependency-cruiser.json";

/** Files of a project that is laid out like this one, and what they import. */
type Tree = Readonly<Record<string, string>>;

type How = "value" | "type" | "dynamic";

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** Holds a project of only these files to this one's rules, and gives back what the program says. */
async function depcruise(tree: Tree, outputType: "err" | "json") {
  const folder = mkdtempSync(join(tmpdir(), "tljh-imports-"));
  for (const name of [config, "tsconfig.json"]) cpSync(join(root, name), join(folder, name));
  for (const [file, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const args = ["packages", "--config", config, "--output-type", outputType];
  try {
    return await execa("depcruise", args, {
      cwd: folder,
      preferLocal: true,
      localDir: root,
      reject: false,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The violations found, as `rule: file -> imported file`. */
async function cruise(tree: Tree): Promise<string[]> {
  const { stdout } = await depcruise(tree, "json");
  const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
}

const tljh = "packages/tljh/src";
const condaIndex = "packages/conda/src/index.ts";

/** Each rule, the file that breaks it, what it imports, and how it imports it. */
const wrong: readonly (readonly [rule: string, from: string, to: string, how?: How])[] = [
  ["pluggy-stands-alone", "packages/pluggy/src/calls.ts", condaIndex],
  ["conda-knows-nothing-of-tljh", "packages/conda/src/link/place.ts", `${tljh}/hooks.ts`],
  ["packages-are-entered-by-their-index", `${tljh}/install/pip.ts`, "packages/conda/src/errors.ts"],
  ["system-and-config-are-the-bottom", `${tljh}/system/exec.ts`, `${tljh}/daemon/main.ts`],
  ["system-and-config-are-the-bottom", `${tljh}/errors/hub.ts`, `${tljh}/plugins/load.ts`],
  ["plugins-and-hub-know-nothing-above", `${tljh}/hub/write.ts`, `${tljh}/resources/plan.ts`],
  ["resources-know-no-command", `${tljh}/proxy/main.ts`, `${tljh}/cli/lock.ts`],
  ["health-knows-no-command", `${tljh}/health/check.ts`, `${tljh}/cli/lock.ts`],
  ["the-product-needs-no-tool", "packages/conda/src/index.ts", "tools/build/build.ts"],
  ["plugins-and-hub-know-nothing-above", `${tljh}/plugins/load.ts`, `${tljh}/cli/x.ts`, "type"],
  ["resources-know-no-command", `${tljh}/install/pip.ts`, `${tljh}/cli/x.ts`, "dynamic"],
];

function statement(from: string, to: string, how: How = "value"): string {
  const path = JSON.stringify(join("../".repeat(from.split("/").length - 1), to));
  if (how === "dynamic") return `export const late = () => import(${path});\n`;
  return how === "type"
    ? `import type { X } from ${path};\nexport type Y = X;\n`
    : `import { x } from ${path};\nexport const y = x;\n`;
}

const something = "export interface X { readonly a: string }\nexport const x: X = { a: '' };\n";

describe("the direction of imports", () => {
  const cases = wrong.map(([rule, from, to]) => ({ rule, from, to }));
  let found: readonly string[] = [];

  beforeAll(async () => {
    const texts = new Map<string, string>();
    const add = (file: string, text: string) => texts.set(file, (texts.get(file) ?? "") + text);
    for (const [, from, to, how] of wrong) add(from, statement(from, to, how));
    for (const file of new Set(wrong.flatMap(([, from, to]) => [from, to]))) add(file, something);
    found = await cruise(Object.fromEntries(texts));
  });

  it.each(cases)("is held by $rule: $from may not import $to", ({ rule, from, to }) => {
    expect(found).toContain(`${rule}: ${from} -> ${to}`);
  });

  it("fails the check as npm test calls it", async () => {
    const [rule, from, to] = wrong[0] ?? ["", "", ""];
    const { exitCode, stdout } = await depcruise(
      { [from]: statement(from, to), [to]: something },
      "err",
    );
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining(rule)]);
  });

  it("is held by no-cycles, but for cycles of types", async () => {
    const one = `${tljh}/config/one.ts`;
    const other = `${tljh}/config/other.ts`;
    const back = (how: How) => ({
      [one]: statement(one, other),
      [other]: `${statement(other, one, how)}${something}`,
    });
    expect(await cruise(back("value"))).toContain(`no-cycles: ${one} -> ${other}`);
    expect(await cruise(back("type"))).toEqual([]);
  });

  it("has a test for each rule", () => {
    const rules = JSON.parse(readFileSync(join(root, config), "utf8")).forbidden;
    const names = rules.map(({ name }: { name: string }) => name);
    expect(new Set([...wrong.map(([rule]) => rule), "no-cycles"])).toEqual(new Set(names));
  });

  it("lets pass what points down", async () => {
    const imports: readonly (readonly [string, string])[] = [
      [`${tljh}/cli/apply.ts`, `${tljh}/resources/apply.ts`],
      [`${tljh}/resources/plan.ts`, `${tljh}/plugins/load.ts`],
      [`${tljh}/hub/write.ts`, `${tljh}/system/files.ts`],
      [`${tljh}/install/pip.ts`, condaIndex],
    ];
    const tree = imports.flatMap(([from, to]) => [
      [to, something],
      [from, statement(from, to)],
    ]);
    expect(await cruise(Object.fromEntries(tree))).toEqual([]);
  });
});
