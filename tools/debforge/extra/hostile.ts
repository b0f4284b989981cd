import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bzip2, zstd } from "../archive/compress.ts";
import { type TarEntry, writeTar } from "../archive/tar.ts";
import { writeZip } from "../archive/zip.ts";
import { MTIME } from "../channel/model.ts";

const file = (path: string, text = "escaped\n"): TarEntry => ({
  path,
  kind: "file",
  mode: 0o644,
  data: Buffer.from(text),
});

const link = (path: string, target: string, kind: "link" | "hardlink" = "link"): TarEntry => ({
  path,
  kind,
  mode: 0o777,
  data: Buffer.alloc(0),
  target,
});

/** Each tries, in its own way, to write or to read outside the folder it is unpacked into. */
const ATTACKS: Readonly<Record<string, readonly TarEntry[]>> = {
  "parent-path": [file("../escaped.txt")],
  "deep-parent-path": [file("share/../../../escaped.txt")],
  "absolute-path": [file("/tmp/debforge-escaped.txt")],
  "through-link": [link("out", "../.."), file("out/escaped.txt")],
  "through-absolute-link": [link("out", "/tmp"), file("out/debforge-escaped.txt")],
  "through-two-links": [link("a", ".."), link("b", "a/.."), file("b/escaped.txt")],
  "hard-link-outside": [link("passwd", "/etc/passwd", "hardlink")],
  "hard-link-parent": [link("outside", "../../outside", "hardlink")],
  "over-a-link": [link("share/file", "../../escaped.txt"), file("share/file")],
};

function info(name: string): TarEntry[] {
  const index = {
    build: "0",
    build_number: 0,
    depends: [],
    name: `hostile-${name}`,
    noarch: "generic",
    subdir: "noarch",
    version: "1.0",
  };
  return [
    file("info/index.json", JSON.stringify(index)),
    file("info/paths.json", '{"paths":[],"paths_version":1}'),
  ];
}

/** Archives in both formats which no unpacker may follow. They are in no repodata. */
export async function writeHostile(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, entries] of Object.entries(ATTACKS)) {
    const stem = `hostile-${name}-1.0-0`;
    const payload = writeTar(entries, MTIME);
    const members = [
      { name: "metadata.json", data: Buffer.from('{"conda_pkg_format_version": 2}') },
      { name: `pkg-${stem}.tar.zst`, data: await zstd(payload) },
      { name: `info-${stem}.tar.zst`, data: await zstd(writeTar(info(name), MTIME)) },
    ];
    await writeFile(join(folder, `${stem}.conda`), writeZip(members));
    const whole = writeTar([...info(name), ...entries], MTIME);
    await writeFile(join(folder, `${stem}.tar.bz2`), await bzip2(whole));
  }
  const outer = [
    { name: "metadata.json", data: Buffer.from('{"conda_pkg_format_version": 2}') },
    { name: "../escaped.txt", data: Buffer.from("escaped\n") },
  ];
  await writeFile(join(folder, "hostile-zip-path-1.0-0.conda"), writeZip(outer));
}
