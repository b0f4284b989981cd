import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { PrefixPathsEntry } from "../types.ts";
import type { CompileJob, Compiler } from "./compiler.ts";
import type { Linker, LinkTarget } from "./linker.ts";
import type { CompiledLink, LinkPlan } from "./plan.ts";
import type { PythonInfo } from "./python.ts";

export interface ByteCodeOptions {
  readonly plan: LinkPlan;
  readonly rank: number;
  readonly linker: Linker;
  readonly target: LinkTarget;
  readonly python: PythonInfo;
  /** Made when the first file is to be compiled: with a full cache, no Python starts. */
  readonly compiler: () => Promise<Compiler>;
}

/**
 * Byte code of a `noarch: python` package, which is already linked. It is kept beside the unpacked
 * package, below `info/`, as one numbered file for each Python file, and lives as long as that.
 */
export async function linkByteCode(options: ByteCodeOptions): Promise<PrefixPathsEntry[]> {
  const { plan } = options;
  if (plan.compiled.length === 0) return [];
  const shared = plan.compiled.filter((link) => !link.ownCopy && isOneLine(link));
  const own = plan.compiled.filter((link) => link.ownCopy && isOneLine(link));
  const cache = join(plan.archive.directory, "info", "pyc", options.python.cacheKey);
  const compiled = readIndex(cache, shared.length) ?? (await compileShared(options, cache, shared));
  const entries = shared.flatMap((link, place) =>
    compiled[place] && options.linker.owns(link.module, options.rank)
      ? [options.linker.linkCompiled(plan, options.rank, cachedFile(cache, place), link.target)]
      : [],
  );
  return [...entries, ...(await compileOwn(options, own))];
}

/** The compiler is told one batch a line. */
function isOneLine(link: CompiledLink): boolean {
  return !link.source.includes("\n");
}

const cachedFile = (cache: string, place: number): string => join(cache, `${place}.pyc`);
const indexFile = (cache: string): string => join(cache, "index.json");

/** Which files could be compiled. */
function readIndex(cache: string, count: number): boolean[] | undefined {
  try {
    const index = JSON.parse(readFileSync(indexFile(cache), "utf8")) as { failed: number[] };
    const failed = new Set(index.failed);
    return Array.from({ length: count }, (_, place) => !failed.has(place));
  } catch {
    return undefined;
  }
}

async function compileShared(
  options: ByteCodeOptions,
  cache: string,
  links: readonly CompiledLink[],
): Promise<boolean[]> {
  // Whole or not there at all; of this process alone, for the Python of a killed run may still write.
  const draft = draftFolder(options);
  mkdirSync(draft);
  const compiler = await options.compiler();
  const compiled = await compiler.compile(
    links.map((link, place) => ({
      source: join(options.plan.archive.directory, link.source),
      name: link.module,
      target: cachedFile(draft, place),
    })),
  );
  const failed = compiled.flatMap((done, place) => (done ? [] : [place]));
  writeFileSync(indexFile(draft), JSON.stringify({ failed }));
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(dirname(cache), { recursive: true });
  renameSync(draft, cache);
  return compiled;
}

/** Under a name that the package cache clears up once this process is gone. */
function draftFolder({ plan: { archive }, python }: ByteCodeOptions): string {
  const name = `.unpack-${process.pid}-${basename(archive.directory)}-${python.cacheKey}`;
  const draft = join(dirname(archive.directory), name);
  rmSync(draft, { recursive: true, force: true });
  return draft;
}

/** Files that hold the prefix are compiled where they stand. */
async function compileOwn(
  options: ByteCodeOptions,
  links: readonly CompiledLink[],
): Promise<PrefixPathsEntry[]> {
  const mine = links.filter((link) => options.linker.owns(link.module, options.rank));
  if (mine.length === 0) return [];
  const compiler = await options.compiler();
  const { directory } = options.target;
  const jobs: CompileJob[] = mine.map((link) => {
    mkdirSync(dirname(join(directory, link.target)), { recursive: true });
    const target = join(directory, link.target);
    rmSync(target, { force: true });
    return { source: join(directory, link.module), name: link.module, target };
  });
  const compiled = await compiler.compile(jobs);
  return mine.flatMap((link, place) =>
    compiled[place] ? [{ _path: link.target, path_type: "pyc_file" as const }] : [],
  );
}
