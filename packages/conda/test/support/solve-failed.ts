import { CondaError } from "../../src/errors.ts";

export const solveFailed = (name: string): CondaError =>
  new CondaError("CONDA_UNSOLVABLE", { message: `no ${name}`, remedy: "Ask for another." });
