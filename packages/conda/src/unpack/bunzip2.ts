import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { damaged } from "./fault.ts";

/** The `bzip2` program is not on the machine. */
export class MissingBzip2 extends Error {}

/** Gives the unpacked bytes of a `.bz2` to `push`, by the system's `bzip2`. */
export async function bunzip2(file: string, push: (chunk: Buffer) => void): Promise<void> {
  const input = openSync(file, "r");
  try {
    await runBzip2(input, push);
  } finally {
    closeSync(input);
  }
}

async function runBzip2(input: number, push: (chunk: Buffer) => void): Promise<void> {
  const child = spawn("bzip2", ["-dc"], { stdio: [input, "pipe", "pipe"] });
  const { stdout, stderr } = child;
  let complaint = "";
  stderr?.on("data", (text) => {
    complaint += text;
  });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  exit.catch(() => {});
  try {
    for await (const chunk of stdout ?? []) push(chunk);
    const code = await exit;
    if (code !== 0) throw damaged(complaint.trim() || `bzip2 ended with ${code}`);
  } catch (error) {
    child.kill();
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new MissingBzip2("the program bzip2 is not installed", { cause: error });
  }
}
