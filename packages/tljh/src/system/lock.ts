import { spawn } from "node:child_process";
import { once } from "node:events";
import { type FileHandle, open } from "node:fs/promises";

/** Exit code of `flock` when somebody else holds the lock: no other failure of it has this one. */
const HELD_BY_ANOTHER = 75;

export interface FileLock extends AsyncDisposable {
  release(): Promise<void>;
}

/**
 * Takes an exclusive flock(2) lock on a file, which is made when it is not there, and waits for it
 * at most `seconds`. Null when another process, or another holder in this one, keeps it.
 *
 * `flock` of util-linux locks the open file it inherits from us, so the lock stays ours after that
 * program has ended and is released when we close the file or die.
 */
export async function tryLock(path: string, seconds: number): Promise<FileLock | null> {
  const file = await open(path, "a", 0o600);
  try {
    if (await flock(file, seconds)) return held(file);
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return null;
}

function held(file: FileHandle): FileLock {
  const release = () => file.close();
  return { release, [Symbol.asyncDispose]: release };
}

async function flock(file: FileHandle, seconds: number): Promise<boolean> {
  const inherited = 3;
  const child = spawn(
    "flock",
    ["-x", "-w", String(seconds), "-E", String(HELD_BY_ANOTHER), String(inherited)],
    { stdio: ["ignore", "ignore", "pipe", file.fd] },
  );
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code === 0) return true;
  if (code === HELD_BY_ANOTHER) return false;
  throw new Error(`flock ended with exit code ${code}: ${said.trim()}`);
}
