import { join } from "node:path";
import { CondaError } from "../errors.ts";
import type { CondaEventSink } from "../events.ts";
import { linkFailed, pathEscapes, prefixTooLong } from "../prefix/errors.ts";
import { LINK_TYPES, type PrefixPathsEntry, type PrefixRecord } from "../types.ts";
import { Directories, OutsideError } from "./directories.ts";
import { entryPointScript } from "./entry-points.ts";
import { copy, hardLink, newFile, type Placed, rewritten, symbolicLink } from "./place.ts";
import { PrefixTooLongError } from "./placeholder.ts";
import type { FileLink, LinkPlan, ScriptLink } from "./plan.ts";
import type { PythonInfo } from "./python.ts";

/** Where files are put, and the path at which they will be found when all is done. */
export interface LinkTarget {
  readonly directory: string;
  readonly prefix: string;
}

/** Rank decides who wins a path that two packages hold: the later one, as in conda. */
interface Owner {
  readonly name: string;
  readonly rank: number;
}

export interface LinkerOptions {
  readonly target: LinkTarget;
  readonly python?: PythonInfo | undefined;
  /** Packages that stay; what is linked wins over them. */
  readonly kept?: readonly PrefixRecord[];
  readonly onEvent?: CondaEventSink;
}

/**
 * Puts packages into a directory. They may come in any order: `rank`, a package's place in the
 * transaction, decides who wins where two of them hold the same path.
 */
export class Linker {
  readonly #target: LinkTarget;
  readonly #python: PythonInfo | undefined;
  readonly #onEvent: CondaEventSink;
  readonly #directories: Directories;
  readonly #owners = new Map<string, Owner>();

  constructor(options: LinkerOptions) {
    this.#target = options.target;
    this.#python = options.python;
    this.#onEvent = options.onEvent ?? (() => {});
    this.#directories = new Directories(options.target.directory);
    for (const record of options.kept ?? []) {
      const owner = { name: record.name, rank: -1 };
      for (const path of record.files) this.#owners.set(path, owner);
    }
  }

  /** Links everything but byte code; what `conda-meta` will say of each path. */
  link(plan: LinkPlan, rank: number): PrefixPathsEntry[] {
    const owner = { name: plan.archive.record.name, rank };
    const guard = <T>(path: string, action: () => T): T => this.#guard(owner.name, path, action);
    const directories = plan.directories.map((path): PrefixPathsEntry => {
      guard(path, () => this.#directories.ensure(path));
      return { _path: path, path_type: "directory" };
    });
    const files = plan.files.map((file) =>
      guard(file.target, () => this.#linkFile(plan, file, owner)),
    );
    const scripts = plan.scripts.map((script) =>
      guard(script.target, () => this.#writeScript(script, owner)),
    );
    return [...directories, ...files, ...scripts];
  }

  /** Links byte code that was compiled in the package cache. */
  linkCompiled(plan: LinkPlan, rank: number, cached: string, path: string): PrefixPathsEntry {
    const owner = { name: plan.archive.record.name, rank };
    return this.#guard(owner.name, path, () => {
      this.#place(path, owner, (target) => hardLink(cached, target));
      return { _path: path, path_type: "pyc_file" };
    });
  }

  /** Whether this package's own file stands at `path`, not that of a package which won over it. */
  owns(path: string, rank: number): boolean {
    return this.#owners.get(path)?.rank === rank;
  }

  #linkFile(plan: LinkPlan, file: FileLink, owner: Owner): PrefixPathsEntry {
    const source = join(plan.archive.directory, file.source);
    const { entry } = file;
    let inPrefix = entry.path_type === "hardlink" ? entry.sha256 : undefined;
    this.#place(file.target, owner, (target) => {
      if (file.replace !== undefined) {
        const made = rewritten(source, target, file.replace, this.#target.prefix);
        inPrefix = made.sha256;
        return made;
      }
      if (entry.path_type === "softlink") return symbolicLink(source, target);
      // Settings are edited in place, and the cache must not change with them.
      const isOwnCopy = entry.no_link === true || file.target.startsWith("etc/");
      return isOwnCopy ? copy(source, target) : hardLink(source, target);
    });
    if (entry.path_type === "softlink") this.#directories.forget(file.target);
    return {
      ...entry,
      _path: file.target,
      ...(inPrefix !== undefined && { sha256_in_prefix: inPrefix }),
    };
  }

  #writeScript({ entryPoint, target: path }: ScriptLink, owner: Owner): PrefixPathsEntry {
    const python = join(this.#target.prefix, this.#python?.executable ?? "bin/python");
    const script = entryPointScript(entryPoint, python);
    this.#place(path, owner, (target) => newFile(target, script, 0o755));
    return { _path: path, path_type: "unix_python_entry_point" };
  }

  #place(path: string, owner: Owner, put: (target: string) => Placed): void {
    const other = this.#owners.get(path);
    const loses = other !== undefined && other.rank > owner.rank;
    if (other !== undefined && other.name !== owner.name) {
      const packages = loses ? [owner.name, other.name] : [other.name, owner.name];
      this.#onEvent({ type: "clobber", path, packages });
    }
    if (loses) return;
    const slash = path.lastIndexOf("/");
    if (slash !== -1) this.#directories.ensure(path.slice(0, slash));
    const { replaced } = put(join(this.#target.directory, path));
    if (replaced && other === undefined) {
      this.#onEvent({ type: "clobber", path, packages: [owner.name] });
    }
    this.#owners.set(path, owner);
  }

  #guard<T>(packageName: string, path: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (error instanceof CondaError) throw error;
      if (error instanceof OutsideError) throw pathEscapes(packageName, path);
      if (error instanceof PrefixTooLongError) {
        throw prefixTooLong(packageName, path, this.#target.prefix);
      }
      throw linkFailed(packageName, path, error);
    }
  }
}

/** The record to be written for a package that was linked. */
export function prefixRecord(
  plan: LinkPlan,
  paths: readonly PrefixPathsEntry[],
  requestedSpec: string | undefined,
): PrefixRecord {
  const { archive } = plan;
  return {
    ...archive.record,
    extracted_package_dir: archive.directory,
    package_tarball_full_path: archive.tarball,
    files: paths.flatMap((entry) => (entry.path_type === "directory" ? [] : [entry._path])),
    link: { source: archive.directory, type: LINK_TYPES.hardlink },
    paths_data: { paths_version: 1, paths },
    requested_spec: requestedSpec ?? "None",
  };
}
