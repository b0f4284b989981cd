import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { askedModules } from "./asked.ts";
import { write, writeRecord } from "./fixtures.ts";

const SITE = "lib/python3.13/site-packages";

function environment(): string {
  const directory = mkdtempSync(join(tmpdir(), "tljh-asked-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  writeRecord(directory, { name: "python", version: "3.13.1", requested_spec: "python" });
  return directory;
}

test("of conda's packages those count that somebody asked for, by the modules that they hold", () => {
  const directory = environment();
  const record = { version: "1", files: [`${SITE}/sklearn/__init__.py`, "bin/x"] };
  writeRecord(directory, { ...record, name: "scikit-learn", requested_spec: "scikit-learn >1" });
  writeRecord(directory, { ...record, name: "numpy", requested_spec: "None" });
  writeRecord(directory, { ...record, name: "scipy" });
  expect(askedModules(directory)).toEqual(["sklearn"]);
});

test("of pip's those that it was told to install, by their RECORD or top_level.txt", () => {
  const directory = environment();
  const distribution = (name: string, files: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries(files))
      write(join(directory, SITE, `${name}-1.0.dist-info`, file), text);
  };
  distribution("PyYAML", { REQUESTED: "", RECORD: "yaml/__init__.py,,\n_yaml/__init__.py,,\n" });
  distribution("needed", { RECORD: "needed/__init__.py,,\n" });
  distribution("my_stars", { REQUESTED: "", RECORD: "stars.pth,,\n", "top_level.txt": "stars\n" });
  expect(askedModules(directory)).toEqual(["yaml", "stars"]);
});

test("without Python there is nothing to import", () => {
  const directory = environment();
  rmSync(join(directory, "conda-meta"), { recursive: true });
  expect(askedModules(directory)).toEqual([]);
});
