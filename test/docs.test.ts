import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tljh } from "../packages/tljh/src/cli/main.ts";
import { sandbox } from "../packages/tljh/src/plugins/fixtures.ts";
import { classify, installNpmPlugins, loadPlugins } from "../packages/tljh/src/plugins/index.ts";
import { pages } from "../tools/docs/pages.ts";
import { readSources } from "../tools/docs/sources.ts";

const root = join(import.meta.dirname, "..");
const page = (path: string) => readFile(join(root, path), "utf8");

/** Upper-case words with the prefix of an area that are no codes. */
const notCodes = new Set(["CONFIG_FILE"]);
const codeInQuotes =
  /(?<=")(?:CONDA|CONFIG|DAEMON|ENVIRONMENT|HUB|INSTALL|PLUGGY|PLUGIN|PROXY|RPC)_[A-Z0-9_]+(?=")/g;

const isTest = (file: string) => /(\.test\.ts|\/tests\/.*\.py)$/.test(file);

async function projectSources() {
  const patterns = ["{packages,test}/**/*.ts", "python/tljh/**/*.py"];
  return (await Promise.all(patterns.map((pattern) => readSources(root, pattern)))).flat();
}

describe("a page that is made from the sources", () => {
  it.each(Object.entries(pages))(
    "%s is up to date (npm run docs)",
    async (path, make) => {
      expect(await page(path)).toBe(await make(root));
    },
    60_000,
  );
});

describe("docs/errors.md", () => {
  it("explains every code that stands in the sources", async () => {
    const explained = codesOf(await page("docs/errors.md"));
    const sources = (await projectSources()).filter(({ file }) => !isTest(file));
    const used = sources.flatMap(({ text }) => text.match(codeInQuotes) ?? []);
    expect(used.length).toBeGreaterThan(100);
    expect(used.filter((code) => !explained.includes(code) && !notCodes.has(code))).toEqual([]);
  });

  it("has no code that no test provokes", async () => {
    const tests = (await projectSources()).filter(({ file }) => isTest(file));
    const words = new Set(tests.flatMap(({ text }) => text.match(/\b[A-Z0-9_]+\b/g) ?? []));
    const codes = codesOf(await page("docs/errors.md"));
    expect(codes.filter((code) => !words.has(code))).toEqual([]);
  });
});

describe("a link in a page", () => {
  it.each([
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "docs/README.md",
    "docs/managing-plugins.md",
    "docs/plugins.md",
    "docs/hooks.md",
  ])("of %s leads to a file", async (path) => {
    const links = [...(await page(path)).matchAll(/\]\((?!https?:)([^)#]+)/g)];
    for (const [, link = ""] of links)
      await expect(page(join(path, "..", link)).catch(notAFolder)).resolves.toBeDefined();
  });
});

describe("the plugin that a page shows", () => {
  it.each(["README.md", "docs/plugins.md"])("in %s can be installed", async (path) => {
    const files = [...(await page(path)).matchAll(/`([\w.]+)`:\n\n```\w+\n(.*?)```/gs)];
    const tree = Object.fromEntries(files.map(([, name = "", text = ""]) => [name, text]));
    expect(tree).toHaveProperty(["tljh_stars.ts"]);
    const { "pyproject.toml": _, ...node } = tree;
    await using box = await sandbox({ "tljh-stars": node });
    const request = await classify(join(box.folder, "tljh-stars"));
    await installNpmPlugins([request], box.paths);
    const { list, failures } = await loadPlugins({ paths: box.paths });
    expect(failures).toEqual([]);
    expect(list).toMatchObject([{ name: "stars", version: "1.0.0", language: "typescript" }]);
  });
});

describe("a command that a page tells to type", () => {
  it.each(["README.md", "docs/plugins.md"])("in %s is one that there is", async (path) => {
    const typed = [...(await page(path)).matchAll(/tljh plugin ([a-z]+)/g)].map(([, name]) => name);
    const group = tljh().commands.find((command) => command.name() === "plugin");
    const known = group?.commands.map((command) => command.name()) ?? [];
    expect(typed.length).toBeGreaterThan(1);
    expect(typed.filter((name = "") => !known.includes(name))).toEqual([]);
  });
});

const codesOf = (text: string) => [...text.matchAll(/^### (\w+)$/gm)].map(([, code = ""]) => code);

function notAFolder(error: NodeJS.ErrnoException): string {
  if (error.code !== "EISDIR") throw error;
  return "a folder";
}
