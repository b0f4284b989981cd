import { mkdir, readFile, stat } from "node:fs/promises";
import { expect, test } from "vitest";
import { sandbox } from "../plugins/fixtures.ts";
import { type PluginRequest, readLock } from "../plugins/index.ts";
import { writePythonPlugins } from "../plugins/python/record.ts";
import { pluginLock } from "./plugin-lock.ts";
import type { ServerContext } from "./resource.ts";

const request = (spec: string): PluginRequest => ({ spec, kind: "pip" });

/** A server on which these Python plugins are installed; says what a run that wants them would do. */
async function server(...installed: string[]) {
  const box = await sandbox();
  const { paths } = box;
  await mkdir(paths.config);
  const plugins = installed.map((spec) => ({
    ...request(spec),
    kind: "pip" as const,
    package: spec,
    version: "1.0",
    archives: [],
  }));
  await writePythonPlugins(paths.hub, plugins);
  const inspect = (...specs: string[]) => {
    const wanted = {
      version: 1 as const,
      channels: [],
      plugins: specs.map(request),
      userRequirementsTxtUrl: null,
    };
    return pluginLock.inspect({ paths, wanted } as unknown as ServerContext);
  };
  return { ...box, inspect, path: paths.pluginLock };
}

test("the lock is written once, for root alone", async () => {
  await using box = await server("a");
  const first = await box.inspect("a");
  expect(first.differences).toEqual([{ action: "add", what: box.path }]);
  await first.change();
  expect((await stat(box.path)).mode & 0o777).toBe(0o600);
  expect(await readLock(box.path)).toMatchObject({ plugins: [{ spec: "a", version: "1.0" }] });
  expect((await box.inspect("a")).differences).toEqual([]);
});

test("what is added to the lock, and what is in it that nobody asks for, is told by its spec", async () => {
  await using box = await server("a", "b");
  await (await box.inspect("a")).change();
  const { differences, change } = await box.inspect("b");
  expect(differences).toEqual([
    { action: "change", what: box.path },
    { action: "add", what: `b in ${box.path}` },
    { action: "remove", what: `a in ${box.path}` },
  ]);
  await change();
  expect(await readFile(box.path, "utf8")).not.toContain('"a"');
});
