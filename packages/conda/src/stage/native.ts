import { createRequire } from "node:module";

interface Libc {
  flock(descriptor: number, operation: number): number;
  renameat2(fromAt: number, from: string, toAt: number, to: string, flags: number): number;
  syncfs: { async(descriptor: number, done: (error: Error | null, result: number) => void): void };
  mallopt(option: number, value: number): number;
  malloc_trim(pad: number): number;
  errno(): number;
}

interface Koffi {
  load(name: string): { func(prototype: string): unknown };
  errno(): number;
}

let loaded: Libc | undefined;

/** The C library, loaded when first needed: most commands never change an environment. */
function libc(): Libc {
  if (loaded !== undefined) return loaded;
  const koffi = createRequire(import.meta.url)("koffi") as Koffi;
  const library = koffi.load("libc.so.6");
  loaded = {
    flock: library.func("int flock(int fd, int operation)") as Libc["flock"],
    renameat2: library.func(
      "int renameat2(int fromAt, const char *from, int toAt, const char *to, uint flags)",
    ) as Libc["renameat2"],
    syncfs: library.func("int syncfs(int fd)") as Libc["syncfs"],
    mallopt: library.func("int mallopt(int option, int value)") as Libc["mallopt"],
    malloc_trim: library.func("int malloc_trim(size_t pad)") as Libc["malloc_trim"],
    errno: () => koffi.errno(),
  };
  return loaded;
}

const LOCK_EX_NB = 2 | 4;
const AT_FDCWD = -100;
const RENAME_EXCHANGE = 2;
const EINVAL = 22;
const ENOSYS = 38;
const EWOULDBLOCK = 11;
const M_MMAP_THRESHOLD = -3;
const LARGE_BLOCK = 512 * 1024;

/** `flock(2)`, not waiting; whether the lock was got. The kernel frees it with the process. */
export function tryLock(descriptor: number): boolean {
  if (libc().flock(descriptor, LOCK_EX_NB) === 0) return true;
  const errno = libc().errno();
  if (errno === EWOULDBLOCK) return false;
  throw new Error(`flock failed with errno ${errno}`);
}

/** `renameat2(2)` with RENAME_EXCHANGE: in one step; `false` where the file system has no such. */
export function exchangePaths(a: string, b: string): boolean {
  if (libc().renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) === 0) return true;
  const errno = libc().errno();
  if (errno === EINVAL || errno === ENOSYS) return false;
  throw new Error(`renameat2 failed with errno ${errno}`);
}

/** `syncfs(2)`, off the main thread: all that was written to the file system reaches the disk. */
export function syncFileSystem(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => {
    libc().syncfs.async(descriptor, (error, result) => {
      if (error !== null) reject(error);
      else if (result !== 0) reject(new Error("syncfs failed"));
      else resolve();
    });
  });
}

/**
 * Has freed memory go back to the system: at once what is free now, and from here on large blocks
 * when they are freed. glibc would keep them for later, which on a small server nobody can wait for.
 */
export function returnFreedMemory(): void {
  libc().mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
  libc().malloc_trim(0);
}
