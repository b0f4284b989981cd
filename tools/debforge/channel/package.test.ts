import { createHash } from "node:crypto";
import { zstdDecompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { readTar } from "../archive/tar.ts";
import { recipe } from "../extra/meta.ts";
import { PLACEHOLDER } from "./model.ts";
import { archivePath, buildPackage } from "./package.ts";

const demo = recipe({
  name: "demo",
  version: "1.0",
  kind: "noarch-python",
  depends: ["python >=3.13"],
  entryPoints: ["demo = demo:main"],
  files: [
    { path: "lib/python3.13/site-packages/demo.py", mode: 0o644, data: Buffer.from("x = 1\n") },
    {
      path: "share/demo.cfg",
      mode: 0o644,
      data: Buffer.from(`root=${PLACEHOLDER}\n`),
      placeholder: "text",
    },
    { path: "share/link", mode: 0o777, data: Buffer.alloc(0), target: "demo.cfg" },
  ],
});

/** The files of the first tar inside the archive whose name begins so. */
function inside(archive: Buffer, member: string): Map<string, string> {
  const start = archive.indexOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), archive.indexOf(member));
  const end = archive.indexOf(Buffer.from("PK"), start);
  const tar = zstdDecompressSync(archive.subarray(start, end));
  return new Map([...readTar(tar)].map((one) => [one.path, one.target ?? one.data.toString()]));
}

test("A noarch package leaves the version of Python open", () => {
  expect(archivePath("noarch-python", "lib/python3.13/site-packages/a.py")).toBe(
    "site-packages/a.py",
  );
  expect(archivePath("noarch-python", "bin/tool")).toBe("python-scripts/tool");
  expect(archivePath("linux-64", "bin/tool")).toBe("bin/tool");
});

test("paths.json tells digest, kind and placeholder of each file", async () => {
  const { archive } = await buildPackage(demo);
  const info = inside(archive, "info-demo");
  const { paths } = JSON.parse(info.get("info/paths.json") ?? "");
  expect(paths.map((one: { _path: string }) => one._path)).toEqual([
    "site-packages/demo.py",
    "share/demo.cfg",
    "share/link",
  ]);
  expect(paths[1]).toMatchObject({ file_mode: "text", prefix_placeholder: PLACEHOLDER });
  expect(paths[2]).toMatchObject({ path_type: "softlink", sha256: paths[1].sha256 });
  expect(info.get("info/has_prefix")).toBe(`${PLACEHOLDER} text "share/demo.cfg"\n`);
  expect(JSON.parse(info.get("info/link.json") ?? "").noarch).toEqual({
    entry_points: ["demo = demo:main"],
    type: "python",
  });
});

test("The record tells the archive's digest and size, and two builds are alike", async () => {
  const [first, second] = [await buildPackage(demo), await buildPackage(demo)];
  expect(first.archive.equals(second.archive)).toBe(true);
  expect(first.fileName).toBe("demo-1.0-h0f0f0f0_0.conda");
  expect(first.record).toMatchObject({
    sha256: createHash("sha256").update(first.archive).digest("hex"),
    size: first.archive.length,
    noarch: "python",
    subdir: "noarch",
  });
});
