import { createHash } from "node:crypto";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Apt, debFile } from "../debian/apt.ts";
import type { DebianPackage } from "../debian/packages.ts";
import { run } from "../run.ts";

async function stanza(file: string, one: DebianPackage): Promise<string> {
  const control = (await run("dpkg-deb", ["--field", file])).toString().trimEnd();
  const name = basename(one.filename);
  return `${control}\nFilename: ./${name}\nSize: ${one.size}\nSHA256: ${one.sha256}\n`;
}

/** A flat repository for `deb [trusted=yes] file:/… ./`. */
export async function writeAptRepository(
  folder: string,
  apt: Apt,
  packages: readonly DebianPackage[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const stanzas: string[] = [];
  for (const one of packages) {
    await copyFile(debFile(apt, one), join(folder, basename(one.filename)));
    stanzas.push(await stanza(debFile(apt, one), one));
  }
  const text = Buffer.from(stanzas.join("\n"));
  await writeFile(join(folder, "Packages"), text);
  await writeFile(join(folder, "Packages.gz"), gzipSync(text));
  const digest = createHash("sha256").update(text).digest("hex");
  const release = `Origin: debforge\nDate: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n ${digest} ${text.length} Packages\n`;
  await writeFile(join(folder, "Release"), release);
}
