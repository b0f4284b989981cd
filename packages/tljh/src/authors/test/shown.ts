import { spawn } from "node:child_process";
import { once } from "node:events";
import type { TestProgram } from "./run.ts";

/** Runs a program that prints where this one does; true if it ends with exit code 0. */
export async function runShown({ file, args, cwd, env }: TestProgram): Promise<boolean> {
  const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: "inherit" });
  const [code] = await once(child, "close");
  return code === 0;
}
