import { hash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { changeEnvironment, type PackageSource, type RepodataRecord } from "@tljh/conda";
import { vi } from "vitest";
import { type ServerPaths, serverPaths } from "../../system/paths.ts";
import { run } from "../main.ts";

/** A server of which there is no more than its environments, in a folder that is thrown away. */
export interface EnvironmentServer extends Disposable {
  readonly paths: ServerPaths;
  /** Another generation of an environment: one package, `tool`, of this version. */
  install(version: string, environment?: "hub" | "user"): Promise<void>;
}

export function environmentServer(): EnvironmentServer {
  const root = mkdtempSync(join(tmpdir(), "tljh-env-"));
  vi.stubEnv("TLJH_INSTALL_PREFIX", root);
  vi.spyOn(process, "getuid").mockReturnValue(0);
  const paths = serverPaths();
  return {
    paths,
    async install(version, environment = "user") {
      await changeEnvironment(
        {
          prefix: paths[environment],
          cacheDir: paths.packages,
          snapshotsDir: paths.snapshots,
          channels: [],
          specs: [`tool==${version}`],
          platform: "linux-64",
          command: "tljh apply",
          reasons: { tool: "tljh-simple" },
        },
        source(paths.packages, version),
      );
    },
    [Symbol.dispose]: () => {
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A channel of one package, which lies unpacked in the cache. */
function source(cacheDir: string, version: string): PackageSource {
  const name = `tool-${version}-0`;
  const record: RepodataRecord = {
    ...{ name: "tool", version, build: "0", build_number: 0, subdir: "linux-64", depends: [] },
    fn: `${name}.conda`,
    url: `https://channel.example/linux-64/${name}.conda`,
    channel: "https://channel.example/linux-64",
  };
  const directory = join(cacheDir, name);
  const files = { "share/tool.txt": version, ...programs };
  const paths = {
    paths_version: 1 as const,
    paths: Object.entries(files).map(([path, text]) => ({
      _path: path,
      path_type: "hardlink" as const,
      sha256: hash("sha256", text),
    })),
  };
  for (const [path, text] of Object.entries(files)) write(join(directory, path), text);
  write(join(directory, "info/paths.json"), JSON.stringify(paths));
  write(join(directory, "info/repodata_record.json"), JSON.stringify(record));
  return {
    solve: async () => [record],
    prepare: async (_records, _options, onPackage) => {
      onPackage({ record, directory, tarball: `${directory}.conda`, paths });
    },
  };
}

/** What a check starts: they do nothing, and well. */
const programs = {
  "bin/python": "#!/bin/sh\nexit 0\n",
  "bin/jupyterhub-singleuser": "#!/bin/sh\nexit 0\n",
};

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  // Never through a hard link that an environment shares.
  rmSync(path, { force: true });
  writeFileSync(path, text, { mode: 0o755 });
}

/** What a call of the program comes to. */
export async function tljh(
  ...argv: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const written = { out: "", err: "" };
  const keep = (name: "out" | "err") => (text: string | Uint8Array) => {
    written[name] += text;
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(keep("out")),
    vi.spyOn(process.stderr, "write").mockImplementation(keep("err")),
  ];
  try {
    return { code: await run(argv), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
