import { mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { emptyLedger, type Ledger, readLedger, writeLedger } from "./ledger.ts";

let path = "";

beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "tljh-ledger-")), "contributions.json");
});

const ledger: Ledger = {
  version: 1,
  plugins: [
    {
      name: "simple",
      language: "typescript",
      version: "1.0.0",
      source: "/root/simple",
      aptPackages: ["sl"],
      hubPipPackages: [],
      userCondaPackages: ["xarray >=2024"],
      userCondaChannels: ["conda-forge"],
      userPipPackages: [],
      config: [
        { path: ["limits", "memory"], value: 1n << 60n, before: null },
        { path: ["users", "admin"], before: ["ada"] },
      ],
    },
  ],
  pending: [],
  debian: ["sl"],
};

it("is read as it was written, by root alone", async () => {
  await writeLedger(path, ledger);
  expect(await readLedger(path)).toEqual(ledger);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it("is empty where there is none", async () => {
  expect(await readLedger(path)).toEqual(emptyLedger);
});

it.each([
  "",
  "{",
  '{"version": 2}',
  '{"version": 1, "plugins": [{"name": "x"}], "pending": [], "debian": []}',
])("is not guessed where it reads %j", async (text) => {
  writeFileSync(path, text);
  await expect(readLedger(path)).rejects.toMatchObject({
    code: "PLUGIN_LEDGER_UNREADABLE",
    message: expect.stringContaining(path),
  });
});
