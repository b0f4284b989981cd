/** The parts of package-lock.json (version 3) that matter here. */
export interface Lock {
  readonly packages: Record<string, LockedPackage>;
}

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * Adds the entries that npm leaves out of a lock when a mirror does not hold the binaries of other
 * platforms; without them `npm ci` refuses the lock everywhere. Each such package is pinned to one
 * version by the package that offers it, and is never installed on a platform it is not for.
 */
export function completeLock(lock: Lock): Lock {
  const added: Record<string, LockedPackage> = {};
  const names = new Set(Object.keys(lock.packages).map(nameOf));
  for (const parent of Object.values(lock.packages))
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {}))
      if (!names.has(name)) added[`node_modules/${name}`] = platformPackage(name, version, parent);
  const packages = Object.entries({ ...lock.packages, ...added });
  return { ...lock, packages: Object.fromEntries(packages.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + 13);

function platformPackage(name: string, version: string, parent: LockedPackage): LockedPackage {
  const [, os, cpu, abi = ""] =
    /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|x64|ia32|ppc64|riscv64|s390x)(.*)$/.exec(
      name,
    ) ?? [];
  if (!os || !cpu || !/^\d+\.\d+\.\d+$/.test(version))
    throw new Error(`${name}@${version} is not the binary of one platform, pinned to one version`);
  return {
    version,
    cpu: [cpu],
    ...(parent.dev ? { dev: true } : {}),
    ...(os === "linux" ? { libc: [abi.includes("musl") ? "musl" : "glibc"] } : {}),
    optional: true,
    os: [os],
  };
}
