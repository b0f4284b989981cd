import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readTar, type TarEntry, writeTar } from "./tar.ts";

const entry = (path: string, text = "", target?: string): TarEntry => ({
  path,
  kind: target === undefined ? "file" : "link",
  mode: 0o644,
  data: Buffer.from(text),
  ...(target === undefined ? undefined : { target }),
});

test("Entries come back as they were, whatever their names", () => {
  const path = fc.stringMatching(/^[a-zü][a-z0-9/._-]{0,250}[a-z]$/);
  const entries = fc.array(
    fc.record({ path, text: fc.string(), target: fc.option(path, { nil: undefined }) }),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(entries, (given) => {
      const made = given.map((one) => entry(one.path, one.target ? "" : one.text, one.target));
      expect([...readTar(writeTar(made, 0))]).toEqual(made);
    }),
  );
});

test("The system's tar reads long names and links", () => {
  const long = `${"folder/".repeat(30)}file.txt`;
  const archive = writeTar([entry(long, "text"), entry("link", "", `../${long}`)], 1_000_000_000);
  const listing = execFileSync("tar", ["-tvf", "-", "--utc"], { input: archive }).toString();
  expect(listing).toContain(`2001-09-09 01:46 ${long}`);
  expect(listing).toContain(`link -> ../${long}`);
});
