import { spawn } from "node:child_process";
import { rmSync } from "node:fs";

export type RemoveTree = (directory: string) => void;

export const removeTree: RemoveTree = (directory) =>
  rmSync(directory, { recursive: true, force: true });

/**
 * By a process of its own, which may outlive this one: tens of thousands of files take a second, and nobody
 * needs to wait for that. What it does not come to, the next change of the environment removes.
 */
export const removeTreeLater: RemoveTree = (directory) => {
  const options = { detached: true, stdio: "ignore", cwd: "/" } as const;
  const child = spawn("rm", ["-rf", "--one-file-system", "--", directory], options);
  child.on("error", () => removeTree(directory));
  child.unref();
};
