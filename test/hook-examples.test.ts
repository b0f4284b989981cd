import { join } from "node:path";
import { execa } from "execa";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { sandbox, testPython } from "../packages/tljh/src/plugins/fixtures.ts";
import { labels, readHooks } from "../tools/docs/hooks.ts";

const root = join(import.meta.dirname, "..");
const hooks = await readHooks(root);
const cases = hooks.map((hook) => [hook.name, hook] as const);

it.each(cases)("%s says all that there is to know of a hook", (_, { about, facts }) => {
  expect(about).not.toBe("");
  expect([...facts.keys()]).toEqual(labels);
  for (const fact of facts.values()) expect(fact).toMatch(/\.$/);
});

/** What the compiler says of files that are not on disk, as part of this project. */
function complaints(files: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  const program = ts.createProgram([...files.keys()], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

const examples = (name: string) => join(root, "examples", `${name}.ts`);

it("the examples in TypeScript compile, and one with a wrong result does not", () => {
  const files = new Map(hooks.map(({ name, typescript }) => [examples(name), typescript]));
  expect(complaints(files)).toEqual([]);
  const wrong = `import { hookimpl, type TljhPlugin } from "tljh/hooks";
    export const plugin: TljhPlugin = {
      tljh_extra_apt_packages: hookimpl<"tljh_extra_apt_packages">(() => "graphviz") };`;
  expect(complaints(new Map([[examples("wrong"), wrong]]))).not.toEqual([]);
}, 60_000);

/** Those that only answer, or change nothing but what they are given. */
const called = hooks
  .map(({ name }) => name)
  .filter((name) => !/post_install$|new_user|removed/.test(name) || name.includes("config"));

const python = `
import json, sys
from tljh.testing import load_plugin

results = {}
for name in sys.argv[1].split(","):
    plugin = load_plugin("example_" + name)
    assert name in plugin.hooks, plugin.hooks
    if name in sys.argv[2].split(","):
        given = {"username": "jupyter-ada"} if name == "tljh_pre_spawn" else {}
        results[name] = plugin.call(name, **given)
print(json.dumps(results))
`;

describe.runIf(testPython)("the examples in Python", () => {
  it("run, each as a plugin of its own", async () => {
    const files = hooks.map((hook) => [`example_${hook.name}.py`, hook.python]);
    await using box = await sandbox({ ...Object.fromEntries(files), "run.py": python });
    const names = hooks.map(({ name }) => name);
    const modules = [join(root, "python/tljh/src"), box.folder].join(":");
    const env = { PYTHONPATH: modules, PYTHONDONTWRITEBYTECODE: "1" };
    const args = [join(box.folder, "run.py"), names.join(","), called.join(",")];
    const { stdout } = await execa(testPython ?? "", args, { env });
    const results = JSON.parse(stdout);
    expect(Object.keys(results)).toEqual(called);
    expect(results).toMatchObject({
      tljh_extra_apt_packages: ["graphviz"],
      tljh_config_post_install: { limits: { memory: "1G" } },
      tljh_custom_jupyterhub_config: { Spawner: { environment: { COURSE: "climate" } } },
      tljh_pre_spawn: { SCRATCH: "/scratch/jupyter-ada" },
    });
  });

  it("belong to hooks that are specified with the same arguments as in TypeScript", async () => {
    const script = `
import json, inspect
from tljh import hooks
found = {n: list(inspect.signature(f).parameters) for n, f in vars(hooks).items() if n.startswith("tljh_")}
print(json.dumps(found))`;
    const env = { PYTHONPATH: join(root, "python/tljh/src"), PYTHONDONTWRITEBYTECODE: "1" };
    const { stdout } = await execa(testPython ?? "", ["-c", script], { env });
    const expected = hooks.map((hook) => [hook.name, [...hook.arguments]]);
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(expected));
  });
});
