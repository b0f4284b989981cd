import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CondaError } from "../errors.ts";
import type { PrefixRecord } from "../types.ts";
import { parseEnvironmentFile } from "./environment-file.ts";
import { explicitText } from "./explicit.ts";

const MD5 = "0123456789abcdef".repeat(2);
const SHA256 = "0123456789abcdef".repeat(4);
const NUMPY = "https://conda.example/forge/linux-64/numpy-2.1.0-py313_0.conda";

const parse = (text: string) => {
  const file = parseEnvironmentFile(text, "lock.txt", "linux-64");
  return file.kind === "explicit" ? file.packages : [];
};
const lock = (...lines: readonly string[]) => parse(`@EXPLICIT\n${lines.join("\n")}\n`);

describe("a list of packages", () => {
  it("is read as conda, mamba and micromamba write it", () => {
    const conda = `# This file may be used to create an environment using:\n# platform: linux-64\n@EXPLICIT\n${NUMPY}#${MD5}\n`;
    expect(parse(conda.replaceAll("\n", "\r\n"))).toEqual([
      {
        name: "numpy",
        version: "2.1.0",
        build: "py313_0",
        subdir: "linux-64",
        fn: "numpy-2.1.0-py313_0.conda",
        url: NUMPY,
        channel: "https://conda.example/forge/linux-64",
        md5: MD5,
      },
    ]);
    expect(lock(`${NUMPY}#sha256:${SHA256}`)[0]).toMatchObject({ sha256: SHA256 });
    expect(lock(`${NUMPY}#${SHA256.toUpperCase()}`)[0]).toMatchObject({ sha256: SHA256 });
    expect(lock("/srv/c/noarch/font-ttf-1.0-0.tar.bz2")[0]).toMatchObject({
      name: "font-ttf",
      url: "file:///srv/c/noarch/font-ttf-1.0-0.tar.bz2",
    });
  });

  it("gives back what was written, for every package", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,9}$/);
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 9 }), fc.boolean(), (names, md5) => {
        const records = names.map((name) => record(name));
        const text = explicitText(records, { platform: "linux-64", md5 });
        const read = names.length === 0 ? [] : parse(text);
        expect(read.map(({ url }) => url)).toEqual(records.map(({ url }) => url));
        expect(read.every((one) => (md5 ? one.md5 === MD5 : one.sha256 === SHA256))).toBe(true);
      }),
    );
  });

  it("has no credentials in what is read from it or written to it", () => {
    const [read] = lock(NUMPY.replace("//", "//ann:s3cr3t@"));
    expect(JSON.stringify(read)).not.toContain("s3cr3t");
    const url = NUMPY.replace("/forge", "/t/s3cr3t/forge");
    expect(explicitText([{ ...record("numpy"), url }], { platform: "linux-64" })).toContain(
      `\n${NUMPY}#sha256:`,
    );
  });

  it.each([
    [
      "of another platform",
      NUMPY.replace("linux-64", "osx-arm64"),
      "numpy-2.1.0-py313_0.conda is for osx-arm64, and this server is linux-64",
    ],
    [
      "with a hash that is none",
      `${NUMPY}#abc`,
      "the hash of numpy-2.1.0-py313_0.conda is neither",
    ],
    ["with two hashes", `${NUMPY}#${MD5}#${MD5}`, "is neither an MD5 nor a SHA-256"],
    [
      "that is no package",
      "https://conda.example/linux-64/index.html",
      "does not end in the name of a package",
    ],
    ["without a channel", "https://numpy-2.1.0-py313_0.conda", "does not end in the name"],
    ["that is a spec", "numpy=2.1.0", '"numpy=2.1.0" is no address of a package'],
    [
      "that leads elsewhere",
      "https://conda.example/linux-64/..-1-0.conda",
      "does not end in the name",
    ],
    ["twice", `${NUMPY}\n${NUMPY}`, "line 3: numpy is listed twice"],
  ])("is refused with a line %s", (_, line, said) => {
    expect(() => lock(line)).toThrow(
      expect.objectContaining({
        code: "CONDA_FILE_INVALID",
        message: expect.stringContaining(said),
      }),
    );
  });

  it("is refused with every wrong line named, and when it lists nothing", () => {
    expect(() => lock("x", NUMPY, "y")).toThrow(/line 2: "x"(.|\n)*line 4: "y"/);
    expect(() => lock()).toThrow("it lists no package");
  });

  it("is read or refused, whatever it holds", () => {
    const line = fc.oneof(fc.string(), fc.constant(NUMPY), fc.webUrl());
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        try {
          lock(...lines);
        } catch (error) {
          expect(error).toBeInstanceOf(CondaError);
        }
      }),
    );
  });
});

function record(name: string): PrefixRecord {
  const channel = "https://conda.example/forge/noarch";
  const fn = `${name}-1.0-0.conda`;
  const id = { name, version: "1.0", build: "0", build_number: 0, subdir: "noarch", depends: [] };
  const where = { fn, channel, url: `${channel}/${fn}`, md5: MD5, sha256: SHA256 };
  return { ...id, ...where, files: [], paths_data: { paths_version: 1, paths: [] } };
}
