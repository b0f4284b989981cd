import { expect, test } from "vitest";
import { missingPipEntries } from "./pip.ts";

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
