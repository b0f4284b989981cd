import { CondaError } from "../errors.ts";

/** The archive tries what no package may, such as writing outside of its folder. */
export function archiveUnsafe(file: string, detail: string): CondaError {
  return new CondaError("CONDA_ARCHIVE_UNSAFE", {
    message: `The package ${file} was refused: ${detail}`,
    remedy: "Do not install it, and tell the people who run the channel it came from.",
  });
}

/** The archive is not whole, though it arrived as it was sent. */
export function archiveDamaged(file: string, detail: string): CondaError {
  return new CondaError("CONDA_ARCHIVE_DAMAGED", {
    message: `The package ${file} cannot be unpacked: ${detail}`,
    remedy:
      "Run the command again. If it fails in the same way, the file on the channel is damaged.",
  });
}

export function bzip2Missing(file: string): CondaError {
  return new CondaError("CONDA_BZIP2_MISSING", {
    message: `The package ${file} needs the program bzip2 to be unpacked, and it is not installed`,
    remedy: "Install it (sudo apt-get install bzip2), then run the command again.",
  });
}

export function unpackFailed(file: string, cause: unknown): CondaError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CondaError("CONDA_UNPACK_FAILED", {
    message: `The package ${file} could not be unpacked: ${reason}`,
    remedy: "Repair what the system reports, then run the command again.",
    cause,
  });
}
