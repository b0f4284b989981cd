import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** The distribution's name for conda and pip, which Python plugins name in their dependencies. */
const name = "the-littlest-jupyterhub";

/**
 * Packs `python/tljh` as a noarch conda package in a channel of its own, so that it reaches the hub's
 * environment by the same route as every other package. Format: conda's package specification.
 */
export async function packPython(source: string, version: string, channel: string): Promise<void> {
  const staging = await mkdtemp(join(tmpdir(), "tljh-python-"));
  try {
    const site = join(staging, "site-packages");
    await cp(join(source, "src"), site, { recursive: true, filter: isSource });
    await writeDistInfo(join(source, "pyproject.toml"), site, version);
    const index = await writeInfo(staging, version);
    const fn = `${name}-${version}-${index.build}.tar.bz2`;
    await mkdir(join(channel, "noarch"), { recursive: true });
    const archive = join(channel, "noarch", fn);
    const same = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"];
    await execa("tar", [...same, "-cjf", archive, "-C", staging, "info", "site-packages"]);
    await writeRepodata(channel, fn, index);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function isSource(path: string): boolean {
  return !/(__pycache__|\.pyc$|\.egg-info|\.mypy_cache|\.pytest_cache)/.test(path);
}

async function writeDistInfo(pyproject: string, site: string, version: string): Promise<void> {
  const folder = join(site, `${name.replaceAll("-", "_")}-${version}.dist-info`);
  await mkdir(folder);
  const metadata = `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nSummary: What runs inside JupyterHub on a Littlest JupyterHub\nLicense: BSD-3-Clause\nRequires-Python: >=3.11\n`;
  await writeFile(join(folder, "METADATA"), metadata);
  await writeFile(join(folder, "INSTALLER"), "conda\n");
  await writeFile(join(folder, "entry_points.txt"), entryPoints(await readFile(pyproject, "utf8")));
  const files = await filesBelow(site);
  const lines = await Promise.all(
    files.map(async (path) => {
      const content = await readFile(join(site, path));
      const digest = createHash("sha256").update(content).digest("base64url");
      return `${path},sha256=${digest},${content.length}`;
    }),
  );
  const record = join(folder, "RECORD").slice(site.length + 1);
  await writeFile(join(site, record), `${[...lines, `${record},,`].join("\n")}\n`);
}

/** `[project.entry-points."group"]` tables of pyproject.toml, as entry_points.txt has them. */
function entryPoints(pyproject: string): string {
  const groups: string[] = [];
  let inside = false;
  for (const line of pyproject.split("\n")) {
    const table = /^\[(.*)\]\s*$/.exec(line);
    if (table) {
      const group = /^project\.entry-points\.["']?([^"']+)["']?$/.exec(table[1] ?? "")?.[1];
      inside = group !== undefined;
      if (group) groups.push(`[${group}]`);
    } else if (inside) {
      const entry = /^["']?([^"'=\s]+)["']?\s*=\s*["']([^"']+)["']/.exec(line);
      if (entry) groups.push(`${entry[1]} = ${entry[2]}`);
    }
  }
  return `${groups.join("\n")}\n`;
}

async function writeInfo(staging: string, version: string): Promise<Record<string, unknown>> {
  const info = join(staging, "info");
  const files = (await filesBelow(staging)).filter((path) => path.startsWith("site-packages/"));
  const paths = await Promise.all(files.map((path) => describeFile(staging, path)));
  await mkdir(info);
  const content = createHash("sha256").update(JSON.stringify(paths)).digest("hex");
  const index = {
    arch: null,
    // Another content is another build, which replaces the one that is installed.
    build: `pyh${content.slice(0, 7)}_0`,
    build_number: 0,
    depends: ["python >=3.11", "jupyterhub-base >=5.2,<6", "pluggy >=1.4,<2", "ruamel.yaml >=0.17"],
    license: "BSD-3-Clause",
    name,
    noarch: "python",
    platform: null,
    subdir: "noarch",
    version,
  };
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  await writeFile(join(info, "index.json"), json(index));
  await writeFile(join(info, "paths.json"), json({ paths, paths_version: 1 }));
  await writeFile(join(info, "files"), `${files.join("\n")}\n`);
  await writeFile(
    join(info, "link.json"),
    json({ noarch: { type: "python" }, package_metadata_version: 1 }),
  );
  return index;
}

async function describeFile(staging: string, path: string): Promise<Record<string, unknown>> {
  const content = await readFile(join(staging, path));
  return {
    _path: path,
    path_type: "hardlink",
    sha256: createHash("sha256").update(content).digest("hex"),
    size_in_bytes: content.length,
  };
}

async function writeRepodata(
  channel: string,
  fn: string,
  index: Record<string, unknown>,
): Promise<void> {
  const archive = join(channel, "noarch", fn);
  const content = await readFile(archive);
  const record = {
    ...index,
    md5: createHash("md5").update(content).digest("hex"),
    sha256: createHash("sha256").update(content).digest("hex"),
    size: (await stat(archive)).size,
  };
  for (const [subdir, packages] of Object.entries({
    noarch: { [fn]: record },
    "linux-64": {},
    "linux-aarch64": {},
  })) {
    const repodata = { info: { subdir }, packages, "packages.conda": {}, repodata_version: 1 };
    await mkdir(join(channel, subdir), { recursive: true });
    await writeFile(join(channel, subdir, "repodata.json"), `${JSON.stringify(repodata)}\n`);
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((e) => join(e.parentPath, e.name).slice(folder.length + 1)).sort();
}
