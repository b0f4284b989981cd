import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../test/support/environment.ts";
import type { PrefixRecord } from "../types.ts";
import { channelName } from "./dist.ts";
import { prefixRecordText, readPrefixRecords, writePrefixRecord } from "./records.ts";

const RECORD: PrefixRecord = {
  name: "tool",
  version: "1.0",
  build: "0",
  build_number: 0,
  subdir: "noarch",
  noarch: "python",
  depends: ["python"],
  license: "naïve",
  fn: "tool-1.0-0.conda",
  url: "https://conda.anaconda.org/conda-forge/noarch/tool-1.0-0.conda",
  channel: "https://conda.anaconda.org/conda-forge/noarch",
  files: ["bin/tool"],
  paths_data: {
    paths_version: 1,
    paths: [{ path_type: "unix_python_entry_point", _path: "bin/tool" }],
  },
  link: { type: 1, source: "/pkgs/tool-1.0-0" },
};

test("a record is written as conda writes it: sorted, indented, in ASCII", () => {
  expect(prefixRecordText(RECORD)).toBe(`{
  "build": "0",
  "build_number": 0,
  "channel": "https://conda.anaconda.org/conda-forge/noarch",
  "constrains": [],
  "depends": [
    "python"
  ],
  "files": [
    "bin/tool"
  ],
  "fn": "tool-1.0-0.conda",
  "license": "na\\u00efve",
  "link": {
    "source": "/pkgs/tool-1.0-0",
    "type": 1
  },
  "name": "tool",
  "noarch": "python",
  "package_type": "noarch_python",
  "paths_data": {
    "paths": [
      {
        "_path": "bin/tool",
        "path_type": "unix_python_entry_point"
      }
    ],
    "paths_version": 1
  },
  "requested_spec": "None",
  "subdir": "noarch",
  "url": "https://conda.anaconda.org/conda-forge/noarch/tool-1.0-0.conda",
  "version": "1.0"
}`);
});

test("what was written is read back, and no other file", () => {
  const prefix = temporaryDirectory();
  mkdirSync(join(prefix, "conda-meta"));
  writePrefixRecord(prefix, RECORD);
  writeFileSync(join(prefix, "conda-meta/history"), "");
  expect(readPrefixRecords(prefix)).toMatchObject([RECORD]);
});

test("where there is no environment, nothing is installed", () => {
  expect(readPrefixRecords("/nowhere/at/all")).toEqual([]);
});

test("a file that is no record is an error that names it", () => {
  const prefix = temporaryDirectory();
  mkdirSync(join(prefix, "conda-meta"));
  for (const text of ["{", "[]", "null", '{"name": 1}']) {
    writeFileSync(join(prefix, "conda-meta/x.json"), text);
    expect(() => readPrefixRecords(prefix)).toThrow(
      expect.objectContaining({
        code: "CONDA_RECORD_UNREADABLE",
        message: expect.stringContaining("conda-meta/x.json"),
      }),
    );
  }
});

test("a channel has its short name on conda's own server, its URL elsewhere, and never a token", () => {
  expect(channelName("https://conda.anaconda.org/conda-forge/linux-64")).toBe("conda-forge");
  expect(channelName("https://u:p@mirror.example/t/secret/forge/noarch/")).toBe(
    "https://mirror.example/forge",
  );
});
