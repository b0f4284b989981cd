import { sitePackages } from "../transaction/transaction.ts";
import type { RepodataRecord } from "../types.ts";

/** What linking needs to know of the environment's interpreter. */
export interface PythonInfo {
  /** `3.13` */
  readonly version: string;
  /** Below the prefix: `bin/python3.13` */
  readonly executable: string;
  /** Below the prefix: `lib/python3.13/site-packages` */
  readonly sitePackages: string;
  /** The name under which compiled files of this interpreter are kept in the package cache. */
  readonly cacheKey: string;
}

export function pythonInfo(record: RepodataRecord): PythonInfo {
  const version = record.version.split(".").slice(0, 2).join(".");
  const packages = sitePackages(record);
  // Byte code changes between pre-releases, and holds the path of its source.
  const preRelease = /[a-z]/i.test(record.version) ? `-${record.version}` : "";
  return {
    version,
    executable: `bin/python${version}`,
    sitePackages: packages,
    cacheKey:
      packages
        .replace(/^lib\//, "")
        .replace(/\/site-packages$/, "")
        .replaceAll("/", "_") + preRelease,
  };
}

/** Where a file of a `noarch: python` package goes, below the prefix. */
export function noarchTarget(path: string, python: PythonInfo): string {
  if (path.startsWith("site-packages/")) {
    return python.sitePackages + path.slice("site-packages".length);
  }
  if (path.startsWith("python-scripts/")) return `bin${path.slice("python-scripts".length)}`;
  return path;
}

/** `a/b.py` → `a/__pycache__/b.cpython-313.pyc` */
export function compiledPath(path: string, python: PythonInfo): string {
  const slash = path.lastIndexOf("/") + 1;
  const stem = path.slice(slash, -".py".length);
  const tag = `cpython-${python.version.replace(".", "")}`;
  return `${path.slice(0, slash)}__pycache__/${stem}.${tag}.pyc`;
}
