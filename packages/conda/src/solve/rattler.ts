import {
  type Platform as RattlerPlatform,
  type SolvedPackage,
  simpleSolve,
} from "@conda-org/rattler";
import { repodataDamaged } from "../channel/messages.ts";
import type { SubdirRepodata } from "../channel/subdir.ts";
import type { CondaError } from "../errors.ts";
import { specName } from "../prefix/history.ts";
import type { RepodataRecord, VirtualPackage } from "../types.ts";
import { solveFailed, specInvalid, unsolvable } from "./messages.ts";
import type { SolveQuery } from "./protocol.ts";
import { fromSolverText, toSolverUrl } from "./solver-url.ts";

/** What rattler says of one package of a solution. */
export interface Solved {
  readonly name: string;
  readonly fn: string;
  readonly url: string;
  /** The URL of the channel's folder that it is from, without a slash at the end. */
  readonly subdirUrl: string;
}

const UNSOLVABLE = /^Cannot solve the request because of: /;

/** rattler's solver, which asks for repodata through the global `fetch`: to be used in a worker. */
export async function rattlerSolve(
  query: SolveQuery,
  channels: readonly string[],
  subdirs: readonly SubdirRepodata[],
): Promise<readonly Solved[]> {
  const failures: unknown[] = [];
  globalThis.fetch = rattlerFetch(subdirs, failures);
  const locked = [
    ...query.installed.map(lockedRecord),
    ...query.virtualPackages.map((one) => lockedVirtual(one, query.subdirs[0] ?? "noarch")),
  ];
  const platforms = query.subdirs as readonly RattlerPlatform[] as RattlerPlatform[];
  try {
    const solved = await simpleSolve(
      withBareNames(query.specs),
      channels.map(toSolverUrl),
      platforms,
      locked,
    );
    return solved.map(readSolved).filter(({ name }) => !name.startsWith("__"));
  } catch (error) {
    throw failures[0] ?? (await explain(query, channels, error));
  }
}

/**
 * rattler looks among the builds that fit a spec for the first channel. Priority is strict when every build
 * counts: then a channel that has a package keeps the later ones from giving another version of it.
 */
function withBareNames(specs: readonly string[]): string[] {
  const names = specs.filter((spec) => !spec.includes("::")).map(specName);
  return [...new Set([...specs, ...names.filter((name) => /^\w[\w.-]*$/.test(name))])];
}

async function explain(
  query: SolveQuery,
  channels: readonly string[],
  error: unknown,
): Promise<CondaError> {
  const text = fromSolverText(error instanceof Error ? error.message : String(error));
  if (UNSOLVABLE.test(text))
    return unsolvable(query.specs, text.replace(UNSOLVABLE, "").trimEnd(), {
      machine: query.virtualPackages,
      asking: query.asking,
    });
  if (/^failed to (?:parse|decode)/.test(text)) {
    return repodataDamaged(channels.join(", "), new Error(text));
  }
  return (await findInvalidSpec(query.specs)) ?? solveFailed(new Error(text));
}

/** rattler does not say which spec it cannot read, so each is tried alone, with no channel. */
async function findInvalidSpec(specs: readonly string[]): Promise<CondaError | undefined> {
  for (const spec of specs) {
    try {
      await simpleSolve([spec], [], [], []);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (!UNSOLVABLE.test(text)) return specInvalid(spec, text);
    }
  }
  return undefined;
}

function readSolved(one: SolvedPackage): Solved {
  const subdirUrl = fromSolverText(`${one.repoName ?? ""}${one.subdir ?? ""}`);
  const url = fromSolverText(one.url);
  const solved = { name: one.packageName, fn: one.filename, url, subdirUrl };
  one.free();
  return solved;
}

function lockedRecord(record: RepodataRecord) {
  return {
    url: toSolverUrl(record.url),
    packageName: record.name,
    version: record.version,
    build: record.build,
    buildNumber: record.build_number,
    repoName: toSolverUrl(record.channel).replace(/[^/]*$/, ""),
    filename: record.fn,
    md5: record.md5,
    sha256: record.sha256,
    size: record.size,
    depends: record.depends,
    subdir: record.subdir,
  };
}

/** rattler takes virtual packages as installed ones; their URL is asked for by nobody. */
function lockedVirtual({ name, version, build }: VirtualPackage, subdir: string) {
  const filename = `${name}-${version}-${build}.conda`;
  const url = `https://virtual.invalid/${subdir}/${filename}`;
  return { url, packageName: name, version, build, buildNumber: 0, filename, depends: [], subdir };
}

/** `fetch` for rattler's WebAssembly, which reads status, URL and body of a real Response. */
function rattlerFetch(subdirs: readonly SubdirRepodata[], failures: unknown[]): typeof fetch {
  return async (input) => {
    const url = input instanceof Request ? input.url : String(input);
    try {
      const real = fromSolverText(url);
      const subdir = subdirs.find((one) => real.startsWith(`${one.url}/`)) ?? subdirs[0];
      const body = await subdir?.serve(real);
      const response = new Response(body === undefined ? null : (body as Buffer<ArrayBuffer>), {
        status: body === undefined ? 404 : 200,
      });
      Object.defineProperty(response, "url", { value: url });
      return response;
    } catch (error) {
      failures.push(error);
      throw new TypeError("fetch failed", { cause: error });
    }
  };
}
