import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { installPipEntries, missingPipEntries, type PipTarget, readPipRecord } from "./pip.ts";

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

/** A staged environment in which every program ends like this. */
function staged(exitCode: number, output = "") {
  const directory = mkdtempSync(join(tmpdir(), "tljh-pip-"));
  const argv: (readonly string[])[] = [];
  const run: PipTarget["run"] = async (command) => {
    argv.push(command);
    return { exitCode, output, stdout: output };
  };
  return { directory, argv, staged: { prefix: "/opt/tljh/user", directory, run } };
}

test("options stand on the command line whenever something is missing, and all is recorded", async () => {
  const { staged: prefix, directory, argv } = staged(0);
  const wanted = [entry("--extra-index-url=https://x.org"), entry("tabulate"), entry("/p", "1")];
  await installPipEntries(prefix, "user", wanted, () => {});
  expect(argv[0]?.slice(-3)).toEqual(["--extra-index-url=https://x.org", "tabulate", "/p"]);
  expect(await readPipRecord(directory)).toMatchObject({ tabulate: "", "/p": "1" });
  await installPipEntries(prefix, "user", wanted, () => {});
  expect(argv).toHaveLength(1);
});

test("what pip cannot install is named, with the end of what pip said", async () => {
  const { staged: prefix, directory } = staged(1, "ERROR: No matching distribution found\n");
  await expect(
    installPipEntries(prefix, "user", [entry("no-such-thing")], () => {}),
  ).rejects.toMatchObject({
    code: "INSTALL_PIP_FAILED",
    message: expect.stringMatching(/no-such-thing into the user environment.*\nERROR: No matching/),
  });
  expect(await readPipRecord(directory)).toEqual({});
});
