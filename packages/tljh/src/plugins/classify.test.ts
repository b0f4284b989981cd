import { join } from "node:path";
import { expect, it } from "vitest";
import { classify } from "./classify.ts";
import { pluginFolder, sandbox } from "./fixtures.ts";

const tree = {
  typescript: pluginFolder("typescript", ""),
  python: { "pyproject.toml": "" },
  "old-python": { "setup.py": "" },
  both: { "package.json": '{"name": "docs"}', "setup.cfg": "" },
  neither: { "package.json": '{"name": "docs"}' },
  "plugin-1.0.whl": "",
};

it.each([
  ["npm:tljh-x", "npm"],
  ["npm:@lab/tljh-x@^2", "npm"],
  ["npm:github:lab/tljh-x", "npm"],
  ["tljh-x", "pip"],
  ["tljh-x==1.0", "pip"],
  ["typescript", "pip"],
  ["git+https://example.org/lab/x", "pip"],
  ["x @ https://example.org/x.zip", "pip"],
  ["https://example.org/x.whl", "pip"],
])("takes %s for what it says", async (spec, kind) => {
  await using box = await sandbox(tree);
  expect(await classify(spec, box.folder)).toEqual({ spec, kind });
});

it.each([
  ["./typescript", "folder-npm"],
  ["./python", "folder-python"],
  ["./old-python", "folder-python"],
  ["./both", "folder-python"],
  ["./plugin-1.0.whl", "pip"],
])("looks into %s and gives its whole path", async (spec, kind) => {
  await using box = await sandbox(tree);
  expect(await classify(spec, box.folder)).toEqual({ spec: join(box.folder, spec), kind });
});

it("takes a folder below another without a leading dot", async () => {
  await using box = await sandbox({ plugins: tree });
  expect(await classify("plugins/python", box.folder)).toMatchObject({ kind: "folder-python" });
});

it("refuses a path that does not exist", async () => {
  await using box = await sandbox();
  await expect(classify("./gone", box.folder)).rejects.toMatchObject({
    code: "PLUGIN_PATH_MISSING",
    message: `The plugin ./gone does not exist: there is nothing at ${join(box.folder, "gone")}`,
  });
});

it("refuses a folder without a manifest and shows how one is written", async () => {
  await using box = await sandbox(tree);
  await expect(classify("./neither", box.folder)).rejects.toMatchObject({
    code: "PLUGIN_MANIFEST_MISSING",
    remedy: expect.stringContaining('"tljh": { "plugins": {'),
  });
});

it.each(["", " x", "-e", "--index-url=x", "a\nb", "npm:", "npm:-g"])("refuses %j", async (spec) => {
  await expect(classify(spec)).rejects.toMatchObject({ code: "PLUGIN_SPEC_INVALID" });
});
