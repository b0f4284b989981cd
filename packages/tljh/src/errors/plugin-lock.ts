import { TljhError } from "./error.ts";

export function pluginLockMalformed(path: string, wrong: string, cause?: unknown): TljhError {
  return new TljhError("PLUGIN_LOCK_MALFORMED", {
    message: `${path} is no lock of plugins: ${wrong}`,
    remedy:
      "Take the file as tljh wrote it, for instance out of version control. Without a lock, move the file away: the next tljh apply writes one of what is installed.",
    cause,
  });
}

export function pluginLockVersion(path: string, found: unknown): TljhError {
  return new TljhError("PLUGIN_LOCK_VERSION", {
    message: `${path} is a lock of version ${JSON.stringify(found)}, and this program knows version 1`,
    remedy: "Use it with the release of tljh that wrote it, or a newer one.",
  });
}

export function pluginLockMissing(path: string): TljhError {
  return new TljhError("PLUGIN_LOCK_MISSING", {
    message: `There is no lock of plugins at ${path}`,
    remedy:
      "Check the path. A server keeps its own at config/plugins.lock.json in its prefix, /opt/tljh.",
  });
}

/** What was downloaded, or what a folder holds, is not what was locked. */
export function pluginLockMismatch(what: string, expected: string, found: string): TljhError {
  return new TljhError("PLUGIN_LOCK_MISMATCH", {
    message: `${what} is not what the lock of plugins names: expected ${expected}, found ${found}. Nothing of it was installed`,
    remedy:
      "Find out who changed it: the archive, the folder or the lock. If the change is wanted, take it into the lock: sudo tljh plugin upgrade NAME, on the server whose lock it is.",
  });
}

/** pip's own words say why: another hash, a version that is gone, or that does not go with the others. */
export function pluginPinUnmet(plugins: readonly string[], said: string): TljhError {
  return new TljhError("PLUGIN_PIN_UNMET", {
    message: `pip could not install exactly ${plugins.join(", ")} into the hub environment, which was left as it is:\n${said}`,
    remedy:
      "If hashes do not match, find out who changed the archive or the lock. If the version is gone, or does not go with the others, choose another: sudo tljh plugin upgrade NAME --to VERSION.",
  });
}

export function pluginLockFolderMissing(folder: string): TljhError {
  return new TljhError("PLUGIN_LOCK_FOLDER_MISSING", {
    message: `The lock names a plugin in the folder ${folder}, which does not exist on this server`,
    remedy: "Copy the folder there, with the content it had when it was locked.",
  });
}
