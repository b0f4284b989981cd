import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { writeZip } from "../archive/zip.ts";
import type { PackageFile } from "../channel/model.ts";
import { addRecords, distributions, modernise } from "../convert/dist-info.ts";
import { prefixPath, SITE_PACKAGES } from "../convert/layout.ts";
import { withoutDebianOptions } from "../convert/undebian.ts";
import { type Apt, debFile } from "../debian/apt.ts";
import { type DebEntry, readDeb } from "../debian/deb.ts";
import type { DebianPackage } from "../debian/packages.ts";

export interface Wheel {
  readonly project: string;
  readonly fileName: string;
  readonly data: Buffer;
}

/** A project's name as an index spells it (PEP 503). */
export function normalName(project: string): string {
  return project.toLowerCase().replace(/[-_.]+/g, "-");
}

const wheelName = (text: string) => text.replace(/[-_.]+/g, "_");

/** A wheel of the files below site-packages, which hold one distribution's metadata. */
function packWheel(files: readonly PackageFile[]): Wheel {
  const own = addRecords(
    files.filter((file) => file.path.startsWith(`${SITE_PACKAGES}/`) && file.target === undefined),
    [],
  ).filter((file) => !file.path.endsWith("/INSTALLER"));
  const [distribution] = distributions(own);
  if (!distribution) throw new Error("a wheel needs a distribution's metadata");
  const members = own.map((file) => {
    const name = file.path.slice(SITE_PACKAGES.length + 1);
    const lines = file.data.toString().split("\n");
    const record = lines.filter((line) => !line.includes(".dist-info/INSTALLER,")).join("\n");
    return { name, data: name.endsWith(".dist-info/RECORD") ? Buffer.from(record) : file.data };
  });
  const stem = `${wheelName(distribution.name)}-${distribution.version}`;
  const sorted = members.sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    project: distribution.name,
    fileName: `${stem}-py3-none-any.whl`,
    data: writeZip(sorted),
  };
}

/** A project of one module, for tests that need two versions of something. */
export function probeWheel(version: string): Wheel {
  const file = (path: string, text: string): PackageFile => ({
    path: `${SITE_PACKAGES}/${path}`,
    mode: 0o644,
    data: Buffer.from(text),
  });
  const info = `forge_probe-${version}.dist-info`;
  return packWheel([
    file("forge_probe.py", `version = "${version}"\n\n\ndef main():\n    print(version)\n`),
    file(`${info}/METADATA`, `Metadata-Version: 2.1\nName: forge-probe\nVersion: ${version}\n`),
    file(
      `${info}/WHEEL`,
      "Wheel-Version: 1.0\nGenerator: debforge\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    ),
    file(`${info}/entry_points.txt`, "[console_scripts]\nforge-probe = forge_probe:main\n"),
  ]);
}

function repack(entries: readonly DebEntry[]): Wheel {
  const files = entries.flatMap((entry): PackageFile[] => {
    const path = prefixPath(entry.path);
    return path && entry.target === undefined ? [{ path, mode: entry.mode, data: entry.data }] : [];
  });
  return packWheel(modernise(files));
}

/** The real wheels that a .deb holds, or the .deb itself as a wheel. */
async function wheelsOf(file: string): Promise<Wheel[]> {
  const entries = await readDeb(file);
  const inside = entries.filter((entry) => entry.path.endsWith(".whl") && !entry.target);
  if (inside.length === 0) return [repack(entries.map(withoutDebianOptions))];
  return inside.map((entry) => {
    const fileName = basename(entry.path);
    return { project: fileName.split("-")[0] ?? "", fileName, data: entry.data };
  });
}

const page = (title: string, lines: readonly string[]) =>
  `<!DOCTYPE html>\n<html><head><meta name="pypi:repository-version" content="1.0"><title>${title}</title></head><body>\n${lines.join("\n")}\n</body></html>\n`;

async function writeProject(simple: string, name: string, wheels: readonly Wheel[]) {
  const folder = join(simple, name);
  await mkdir(folder, { recursive: true });
  const lines: string[] = [];
  for (const { fileName, data } of wheels) {
    await writeFile(join(folder, fileName), data);
    const digest = createHash("sha256").update(data).digest("hex");
    lines.push(`<a href="${fileName}#sha256=${digest}">${fileName}</a><br>`);
  }
  await writeFile(join(folder, "index.html"), page(`Links for ${name}`, lines));
}

/** A static index (PEP 503) below `simple/`, with the wheels beside their pages. */
export async function writePypi(
  folder: string,
  apt: Apt,
  packages: readonly DebianPackage[],
): Promise<void> {
  const wheels = [probeWheel("1.0"), probeWheel("2.0")];
  for (const one of packages) wheels.push(...(await wheelsOf(debFile(apt, one))));
  const simple = join(folder, "simple");
  const byProject = [...Map.groupBy(wheels, (one) => normalName(one.project))].sort();
  for (const [name, own] of byProject) await writeProject(simple, name, own);
  const lines = byProject.map(([name]) => `<a href="${name}/">${name}</a><br>`);
  await writeFile(join(simple, "index.html"), page("Simple index", lines));
}
