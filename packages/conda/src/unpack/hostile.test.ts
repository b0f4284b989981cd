import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { testFolder } from "../../test/support/folder.ts";
import type { Format, Verdict } from "../../test/support/hostile/case.ts";
import { corpus } from "../../test/support/hostile/corpus.ts";
import { makePackage } from "../../test/support/package.ts";
import { treeDigest } from "../../test/support/tree.ts";
import { CondaError } from "../errors.ts";
import { UnpackPool } from "./pool.ts";

const pool = new UnpackPool(1);
afterAll(() => pool.close());

const VERDICTS: Readonly<Record<string, Verdict>> = {
  CONDA_ARCHIVE_UNSAFE: "unsafe",
  CONDA_ARCHIVE_DAMAGED: "damaged",
};

/** Unpacks beside another file; throws if anything but the target is other than before. */
async function unpack(format: Format, bytes: Buffer) {
  const folder = testFolder();
  const name = `package-1.0-0.${format}`;
  const [archive, target, beside] = [join(folder, name), join(folder, "target"), join(folder, "x")];
  writeFileSync(archive, bytes);
  writeFileSync(beside, "beside");
  mkdirSync(target);
  const verdict = await pool.unpack(archive, target).then(
    () => "fine" as const,
    (error: unknown) => refusal(error, name),
  );
  expect(readdirSync(folder).sort()).toEqual([name, "target", "x"]);
  expect(readFileSync(archive).equals(bytes)).toBe(true);
  expect([readFileSync(beside, "utf8"), lstatSync(archive).nlink]).toEqual(["beside", 1]);
  return { verdict, target };
}

function refusal(error: unknown, name: string): Verdict {
  const verdict = error instanceof CondaError ? VERDICTS[error.code] : undefined;
  if (verdict === undefined) throw error;
  expect((error as CondaError).message).toContain(name);
  expect((error as CondaError).message).not.toMatch(/\p{Cc}/u);
  return verdict;
}

const CORPUS = corpus();

it("the corpus holds more than three hundred archives, each once", () => {
  const names = CORPUS.map(({ format, name }) => `${format} ${name}`);
  expect(CORPUS.length).toBeGreaterThan(300);
  expect(names.length - new Set(names).size).toBe(0);
});

describe("an archive that is or holds", () => {
  it.each(CORPUS)("$name, as .$format: $verdict", async ({ format, bytes, verdict }) => {
    expect((await unpack(format, bytes)).verdict).toBe(verdict);
  });
});

const SOUND = (
  [
    ["conda", 100],
    ["tar.bz2", 15],
  ] as const
).map(([format, numRuns]) => ({
  format,
  numRuns,
  ...makePackage({
    name: "sound",
    format,
    files: {
      "bin/run": { content: "#!/bin/sh\n", mode: 0o755 },
      "lib/data.txt": "text ".repeat(200),
      "lib/link": { link: "data.txt" },
      "share/noise": Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * at * 31) % 251)),
    },
  }),
}));

describe.each(SOUND)("a sound .$format", ({ format, bytes, numRuns }) => {
  it("of which bytes are altered is refused, or is what it was", async () => {
    const sound = treeDigest((await unpack(format, bytes)).target);
    const alteration = fc.tuple(
      fc.nat({ max: bytes.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
    );
    const alterations = fc.array(alteration, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(alterations, async (made) => {
        const other = Buffer.from(bytes);
        for (const [at, by] of made) other[at] = (other[at] ?? 0) ^ by;
        const { verdict, target } = await unpack(format, other);
        if (verdict === "fine") expect(treeDigest(target)).toBe(sound);
      }),
      { numRuns },
    );
  });

  it("is refused when it is cut anywhere", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), async (length) => {
        expect((await unpack(format, bytes.subarray(0, length))).verdict).toBe("damaged");
      }),
      { numRuns },
    );
  });
});

it("whatever a file is named, it is written below its folder under that name, or refused", async () => {
  const part = fc.constantFrom("a", "b", "/", ".", "..", "\n", " ", "ü", "-", "\\", "~", "\u202e");
  const name = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(name, async (path) => {
      const { bytes } = makePackage({ name: "x", files: { [path]: "content" } });
      const { verdict, target } = await unpack("conda", bytes);
      if (verdict === "fine") expect(readFileSync(join(target, path), "utf8")).toBe("content");
    }),
    { numRuns: 100 },
  );
});
