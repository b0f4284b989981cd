import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { changePipEntries, missingPipEntries, type PipEntry, readPipRecord } from "./pip.ts";
import { readBrought } from "./pip-brought.ts";
import type { PipTarget } from "./pip-run.ts";

const flags = ["--no-input", "--disable-pip-version-check", "--root-user-action=ignore"];

const entry = (value: string, fingerprint?: string) =>
  fingerprint === undefined ? { value, because: "p" } : { value, because: "p", fingerprint };

test("what pip was asked for before is not asked for again", () => {
  expect(missingPipEntries({ tabulate: "" }, [entry("tabulate"), entry("colorama")])).toEqual([
    entry("colorama"),
  ]);
});

test("a folder whose content changed is installed again", () => {
  const record = { "/root/plugin": "old" };
  expect(missingPipEntries(record, [entry("/root/plugin", "new")])).toHaveLength(1);
  expect(missingPipEntries(record, [entry("/root/plugin", "old")])).toHaveLength(0);
});

/** A staged environment in which pip ends like this, and brings what it is asked for by name. */
function staged(exitCode: number, output = "") {
  const directory = mkdtempSync(join(tmpdir(), "tljh-pip-"));
  const argv: (readonly string[])[] = [];
  const run: PipTarget["run"] = async (command) => {
    argv.push(command);
    if (exitCode === 0) pip(directory, command);
    return { exitCode, output, stdout: output };
  };
  return { directory, argv, staged: { prefix: "/opt/tljh/user", directory, run } };
}

/** What pip does to an environment, as far as anybody looks. */
function pip(directory: string, [, , , verb, ...args]: readonly string[]): void {
  const infoOf = (name: string) =>
    join(directory, "lib/python3.13/site-packages", `${name}-1.dist-info`);
  const names = args.filter((arg) => /^[a-z]+$/.test(arg));
  for (const name of names) {
    if (verb === "uninstall") rmSync(infoOf(name), { recursive: true });
    else {
      mkdirSync(infoOf(name), { recursive: true });
      writeFileSync(join(infoOf(name), "METADATA"), `Name: ${name}\nVersion: 1\n`);
      writeFileSync(join(infoOf(name), "INSTALLER"), "pip\n");
    }
  }
  const report = args.find((arg) => arg.startsWith("--report="))?.slice("--report=".length);
  const install = names.map((name) => ({ requested: true, metadata: { name, version: "1" } }));
  if (report) writeFileSync(report, JSON.stringify({ install }));
}

const change = (target: PipTarget, wanted: readonly PipEntry[], dropped: readonly string[] = []) =>
  changePipEntries(target, "user", { wanted, dropped }, () => {});

test("options stand on the command line whenever something is missing, and all is recorded", async () => {
  const { staged: prefix, directory, argv } = staged(0);
  const wanted = [entry("--extra-index-url=https://x.org"), entry("tabulate"), entry("/p", "1")];
  await change(prefix, wanted);
  expect(argv[0]?.slice(-3)).toEqual(["--extra-index-url=https://x.org", "tabulate", "/p"]);
  expect(await readPipRecord(directory)).toMatchObject({ tabulate: "", "/p": "1" });
  await change(prefix, wanted);
  expect(argv).toHaveLength(1);
});

test("what nobody wants any more is uninstalled, and forgotten", async () => {
  const { staged: prefix, directory, argv } = staged(0);
  await change(prefix, [entry("--pre"), entry("tabulate"), entry("colorama")]);
  await change(prefix, [entry("colorama")], ["--pre", "tabulate"]);
  expect(argv[1]?.slice(3)).toEqual(["uninstall", ...flags, "--yes", "tabulate"]);
  expect(await readPipRecord(directory)).toEqual({ colorama: "" });
  expect(Object.keys(await readBrought(directory))).toEqual(["colorama"]);
});

test("what was there before pip was asked for it stays there when nobody wants it any more", async () => {
  const { staged: prefix, directory, argv } = staged(0);
  pip(directory, ["", "", "", "install", "tabulate"]);
  await change(prefix, [entry("tabulate")]);
  await change(prefix, [], ["tabulate"]);
  expect(argv).toHaveLength(1);
  expect(await readPipRecord(directory)).toEqual({});
});

test("what pip cannot install is named, with the end of what pip said", async () => {
  const { staged: prefix, directory } = staged(1, "ERROR: No matching distribution found\n");
  await expect(change(prefix, [entry("no-such-thing")])).rejects.toMatchObject({
    code: "INSTALL_PIP_FAILED",
    message: expect.stringMatching(/no-such-thing into the user environment.*\nERROR: No matching/),
  });
  expect(await readPipRecord(directory)).toEqual({});
});

test("what pip cannot install is left out where that is to end nothing", async () => {
  const { staged: prefix, directory, argv } = staged(0);
  const run: PipTarget["run"] = async (command) =>
    command.includes("bad") ? { exitCode: 1, output: "no", stdout: "" } : prefix.run(command);
  const told: string[] = [];
  const onFailing = async ({ value }: PipEntry) => void told.push(value);
  const wish = { wanted: [entry("good"), entry("bad")], dropped: [], onFailing };
  await changePipEntries({ ...prefix, run }, "user", wish, () => {});
  expect(told).toEqual(["bad"]);
  expect(argv.map((command) => command.at(-1))).toEqual(["good"]);
  expect(await readPipRecord(directory)).toEqual({ good: "" });
});

test("what pip cannot uninstall is named likewise", async () => {
  const { staged: prefix, directory } = staged(0);
  await change(prefix, [entry("tabulate")]);
  const run: PipTarget["run"] = async () => ({ exitCode: 1, output: "no RECORD\n", stdout: "" });
  await expect(change({ ...prefix, run }, [], ["tabulate"])).rejects.toMatchObject({
    code: "INSTALL_PIP_REMOVAL_FAILED",
    message: expect.stringMatching(/tabulate out of the user environment.*\nno RECORD/),
  });
  expect(await readPipRecord(directory)).toEqual({ tabulate: "" });
});
