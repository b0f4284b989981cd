import { chmod, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sandbox } from "../../plugins/fixtures.ts";
import { writeFiles } from "./write.ts";

const files = { "a.txt": "a", "below/b.txt": "b" };

it("makes the folder, and those above it", async () => {
  await using box = await sandbox();
  const folder = join(box.folder, "new", "plugin");
  await writeFiles(folder, files);
  expect(await readFile(join(folder, "below", "b.txt"), "utf8")).toBe("b");
});

it("takes a folder in which there is nothing", async () => {
  await using box = await sandbox();
  const folder = join(box.folder, "empty");
  await mkdir(folder);
  await writeFiles(folder, files);
  expect(await readdir(folder)).toEqual(["a.txt", "below"]);
});

it.each([
  ["a folder with something in it", "full"],
  ["a file", "full/mine"],
])("leaves %s as it is", async (_title, path) => {
  await using box = await sandbox({ full: { mine: "mine" } });
  const folder = join(box.folder, path);
  await expect(writeFiles(folder, files)).rejects.toMatchObject({
    code: "PLUGIN_FOLDER_OCCUPIED",
    message: `${folder} is there already, and is not an empty folder`,
  });
  expect(await readdir(join(box.folder, "full"))).toEqual(["mine"]);
});

it("leaves nothing behind where it cannot write", async () => {
  await using box = await sandbox({ "a-file": "" });
  const failing = { "a.txt": "a", "a.txt/b.txt": "b" };
  const empty = join(box.folder, "empty");
  await mkdir(empty);
  await chmod(empty, 0o755);
  for (const folder of [empty, join(box.folder, "new")])
    await expect(writeFiles(folder, failing)).rejects.toMatchObject({
      code: "PLUGIN_FOLDER_UNWRITABLE",
      message: expect.stringContaining(folder),
    });
  expect(await readdir(empty)).toEqual([]);
  expect(await readdir(box.folder)).not.toContain("new");
  const below = writeFiles(join(box.folder, "a-file", "plugin"), files);
  await expect(below).rejects.toMatchObject({ code: "PLUGIN_FOLDER_OCCUPIED" });
});
