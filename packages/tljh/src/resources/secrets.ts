import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { writeFileAtomic } from "../system/files.ts";
import { resource } from "./resource.ts";

/** Tokens between hub, proxy and daemon: made once, kept, read by root only. */
export const secrets = resource<readonly string[]>({
  id: "secrets",
  title: "Secrets",
  async read({ paths }) {
    const missing: string[] = [];
    for (const path of [paths.proxySecret, paths.daemonSecret])
      if (!/^[0-9a-f]{64}$/.test(await readFile(path, "utf8").catch(() => ""))) missing.push(path);
    return missing;
  },
  compare: (missing) => missing.map((path) => ({ action: "add", what: path })),
  async change(missing) {
    for (const path of missing)
      await writeFileAtomic(path, randomBytes(32).toString("hex"), { mode: 0o600 });
  },
});
