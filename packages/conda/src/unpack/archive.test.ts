import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testFolder } from "../../test/support/folder.ts";
import { makePackage, packConda, packTarBz2 } from "../../test/support/package.ts";
import { type TarMember, writeTar } from "../../test/support/tar.ts";
import { writeZip } from "../../test/support/zip.ts";
import { unpackArchive } from "./archive.ts";
import { DEFAULT_LIMITS, type UnpackLimits } from "./extractor.ts";

/** Unpacks into `<folder>/target`, beside which a hostile archive could write. */
async function unpack(bytes: Uint8Array, extension: string, limits?: UnpackLimits) {
  const folder = testFolder();
  const archive = join(folder, `package.${extension}`);
  const target = join(folder, "target");
  writeFileSync(archive, bytes);
  mkdirSync(target);
  return { folder, target, extracted: await unpackArchive(archive, target, limits) };
}

const conda = (members: readonly TarMember[]) => packConda("x-1-0", [], members);
const file = (path: string, more: Partial<TarMember> = {}): TarMember => ({
  path,
  content: "x",
  ...more,
});

describe.each(["conda", "tar.bz2"] as const)("unpackArchive of a .%s", (format) => {
  it("writes files, folders, links and modes", async () => {
    const { bytes } = makePackage({
      name: "x",
      format,
      files: {
        "bin/run": { content: "#!/bin/sh\n", mode: 0o775 },
        "lib/data.txt": "text",
        "lib/link": { link: "data.txt" },
        "share/empty": { directory: true },
        "lib/twin.txt": { twin: "lib/data.txt" },
      },
    });
    const { target } = await unpack(bytes, format);
    expect(readFileSync(join(target, "lib/link"), "utf8")).toBe("text");
    expect(statSync(join(target, "bin/run")).mode & 0o7777).toBe(0o755);
    expect(statSync(join(target, "lib/data.txt")).nlink).toBe(2);
    expect(readdirSync(join(target, "share/empty"))).toEqual([]);
    expect(readdirSync(join(target, "info"))).toContain("paths.json");
  });

  it("leaves files the time that they have in the archive, by which byte code knows its source", async () => {
    const members = [
      file("a.py", { mtime: 1_760_000_000 }),
      { path: "x", type: "x", content: "30 mtime=1770000000.987654321\n" },
      file("b.py", { mtime: 1 }),
      { path: "x", type: "x", content: "12 mtime=-1\n" },
      file("c.py", { mtime: 2 }),
    ];
    const bytes = format === "conda" ? conda(members) : packTarBz2(members);
    const { target } = await unpack(bytes, format);
    const times = ["a.py", "b.py", "c.py"].map((name) => statSync(join(target, name)).mtimeMs);
    expect(times).toEqual([1_760_000_000_000, 1_770_000_000_000, 2000]);
  });

  it("takes set-id bits and group's writing away", async () => {
    const { bytes } = makePackage({
      name: "x",
      format,
      files: { a: { content: "", mode: 0o6777 } },
    });
    const { target } = await unpack(bytes, format);
    expect(statSync(join(target, "a")).mode & 0o7777).toBe(0o755);
  });

  it("says that an archive cut short is damaged", async () => {
    const { bytes } = makePackage({ name: "x", format, files: { a: "1".repeat(5000) } });
    for (const length of [0, 30, bytes.length >> 1, bytes.length - 30]) {
      const cut = unpack(bytes.subarray(0, length), format);
      await expect(cut).rejects.toMatchObject({ kind: "damaged" });
    }
  });
});

describe("unpackArchive", () => {
  it.each<[string, TarMember[]]>([
    ["an absolute path", [file("/tmp/x")]],
    ["a path to above", [file("../x")]],
    ["the package's own folder", [file("./")].map((one) => ({ ...one, path: "." }))],
    ["a link to above", [file("a", { type: "2", content: "", linkname: "../x" })]],
    ["a hard link to above", [file("a", { type: "1", content: "", linkname: "../package.conda" })]],
    [
      "a hard link to an absolute path",
      [file("a", { type: "1", content: "", linkname: "/etc/passwd" })],
    ],
    ["a hard link to nothing", [file("a", { type: "1", content: "", linkname: "b" })]],
    ["a file below a link", [file("d", { type: "2", content: "", linkname: "e" }), file("d/x")]],
    ["a file in a link's place", [file("d", { type: "2", content: "", linkname: "e" }), file("d")]],
    ["a file below a file", [file("d"), file("d/x")]],
    ["a file twice", [file("d"), file("./d")]],
    ["a device", [file("d", { type: "3", content: "" })]],
    ["a pipe", [file("d", { type: "6", content: "" })]],
  ])("refuses %s", async (_, members) => {
    await expect(unpack(conda(members), "conda")).rejects.toMatchObject({ kind: "unsafe" });
  });

  it("judges the links of a noarch Python package from where they will be", async () => {
    const link = (up: string) => ({ "site-packages/x/data": { link: `${up}/share/x` } });
    const made = (up: string, noarch: "python" | "generic") =>
      unpack(makePackage({ name: "x", noarch, files: link(up) }).bytes, "conda");
    await expect(made("../../../..", "python")).resolves.toMatchObject({
      folder: expect.any(String),
    });
    await expect(made("../../../../..", "python")).rejects.toMatchObject({ kind: "unsafe" });
    await expect(made("../../../..", "generic")).rejects.toMatchObject({ kind: "unsafe" });
  });

  it("refuses a zip whose members have names that lead outside", async () => {
    const bytes = writeZip([{ name: "../x", content: Buffer.from("x") }]);
    await expect(unpack(bytes, "conda")).rejects.toMatchObject({ kind: "unsafe" });
  });

  it("refuses what is larger or has more members than it may", async () => {
    const bytes = conda([file("a"), file("b")]);
    const tooMany = unpack(bytes, "conda", { ...DEFAULT_LIMITS, members: 1 });
    await expect(tooMany).rejects.toMatchObject({ kind: "unsafe" });
    const tooLarge = unpack(bytes, "conda", { ...DEFAULT_LIMITS, bytes: 1 });
    await expect(tooLarge).rejects.toMatchObject({ kind: "unsafe" });
  });

  it.each([
    ["is no zip", Buffer.from("not a zip, though long enough to hold one's end record")],
    ["has no tars in it", writeZip([{ name: "metadata.json", content: Buffer.from("{}") }])],
    [
      "has tars that are not zstd",
      writeZip(
        ["info", "pkg"].map((part) => ({ name: `${part}-x.tar.zst`, content: writeTar([]) })),
      ),
    ],
  ])("says that a .conda is damaged that %s", async (_, bytes) => {
    await expect(unpack(bytes, "conda")).rejects.toMatchObject({ kind: "damaged" });
  });

  it("never writes outside its folder, whatever the archive says", async () => {
    const name = fc.constantFrom(
      "a",
      "b",
      "a/b",
      "a/b/c",
      "../x",
      "FOLDER/x",
      "./a",
      "a/../../x",
      "..",
      "",
    );
    const member = fc.record({
      path: name,
      type: fc.constantFrom("0", "1", "2", "5", "7", "3"),
      linkname: fc.oneof(name, fc.constantFrom("..", "a/..", "../target", "FOLDER")),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(member, { maxLength: 6 }), fc.boolean(), async (members, old) => {
        const folder = testFolder();
        const real = members.map((one) => ({
          ...one,
          path: one.path.replace("FOLDER", folder),
          linkname: one.linkname.replace("FOLDER", folder),
        }));
        const bytes = old ? packTarBz2(real) : conda(real);
        mkdirSync(join(folder, "target"));
        const archive = join(folder, old ? "p.tar.bz2" : "p.conda");
        writeFileSync(archive, bytes);
        await unpackArchive(archive, join(folder, "target")).catch(() => {});
        expect(readdirSync(folder).sort()).toEqual([old ? "p.tar.bz2" : "p.conda", "target"]);
        expect(lstatSync(archive).nlink).toBe(1);
        expect(readFileSync(archive).equals(bytes)).toBe(true);
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
