import { CondaError } from "../errors.ts";

/** A package whose files are not what it says of itself, even when it was fetched anew. */
export const repairFailed = (packageName: string, path: string): CondaError =>
  new CondaError("CONDA_REPAIR_FAILED", {
    message: `Package ${packageName} was put in place anew, and ${path} is still not what its list of files says`,
    remedy:
      "Go back to an earlier generation, or take another version of the package. The environment is as it was.",
  });
