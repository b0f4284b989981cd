import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { folderContent, npmResolve, readManifest } from "../../plugins/index.ts";
import { exec } from "../../system/exec.ts";
import type { ServerPaths } from "../../system/paths.ts";
import { folderFingerprint } from "../fingerprint.ts";
import { type Installed, parseReport } from "../python-plugins/report.ts";
import type { Sources } from "./upgrades.ts";

/** Looks things up with the server's own settings of npm and pip. */
export function serverSources(paths: ServerPaths): Sources {
  return {
    npm: (spec) =>
      npmResolve(spec, { cache: join(paths.packages, "npm"), settings: paths.plugins }),
    pip: (spec) => pipResolve(join(paths.hub, "bin", "python"), spec),
    async folder({ spec, kind }) {
      const isNode = kind === "folder-npm";
      const content = await (isNode ? folderContent(spec) : folderFingerprint(spec));
      if (content === null) return null;
      return { content, version: isNode ? (await readManifest(spec)).version : null };
    },
  };
}

/** What pip would install; the spec travels in a file, since it may hold a password. */
async function pipResolve(python: string, spec: string): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), "tljh-pip-"));
  const report = join(folder, "report.json");
  const file = join(folder, "requirements.txt");
  try {
    await writeFile(file, `${spec.startsWith("/") ? pathToFileURL(spec).href : spec}\n`);
    const flags = ["--no-input", "--disable-pip-version-check", "--quiet"];
    const look = ["--dry-run", "--ignore-installed", "--no-deps", `--report=${report}`];
    await exec(python, ["-m", "pip", "install", ...flags, ...look, `--requirement=${file}`]);
    const [found] = parseReport(await readFile(report, "utf8"));
    if (found === undefined) throw new Error("pip finds nothing to install");
    return found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
