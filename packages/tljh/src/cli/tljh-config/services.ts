import { access, readFile } from "node:fs/promises";
import type { Config } from "../../config/schema.ts";
import { httpStatus } from "../../hub/answers.ts";
import type { ProxyConfiguration } from "../../hub/proxy.ts";
import type { HubPluginFailure as PluginFailure } from "../../hub/write.ts";
import type { ServerPaths } from "../../system/paths.ts";
import { listens } from "../../system/ports.ts";
import { restartUnit, showProperties, unitLog } from "../../system/systemd.ts";

export interface UnitRun {
  /** `active`, `activating`, `failed`, … */
  readonly state: string;
  /** How often systemd has started it anew by itself since the last start that was asked for. */
  readonly restarts: number;
  /** It has failed, and systemd waits before the next start. */
  readonly isBetweenStarts: boolean;
}

/** What `reload` does to the machine; tests put another in its place. */
export interface Services {
  /** Writes JupyterHub's configuration; gives back the plugins that take no part in it. */
  prepareHub(config: Config, paths: ServerPaths): Promise<readonly PluginFailure[]>;
  /** Throws for a key and a certificate with which the proxy could not start. */
  checkTls(proxy: ProxyConfiguration): Promise<void>;
  hasSystemd(): Promise<boolean>;
  restart(unit: string): Promise<void>;
  run(unit: string): Promise<UnitRun>;
  journal(unit: string): Promise<string>;
  /** What the proxy was last told; null when it never was. */
  proxyNow(path: string): Promise<ProxyConfiguration | null>;
  /** The status of an answer, or why there is none. */
  status(url: string): Promise<number | string>;
  /** Whether something accepts connections. */
  listens(host: string, port: number): Promise<boolean>;
  pause(milliseconds: number): Promise<void>;
  now(): number;
}

export const services: Services = {
  prepareHub,
  async checkTls({ https }) {
    if (https === null) return;
    const { readTls } = await import("../../proxy/tls.ts");
    await readTls(https);
  },
  hasSystemd: () => exists("/run/systemd/system"),
  restart: restartUnit,
  async run(unit) {
    const found = await showProperties(unit, ["ActiveState", "SubState", "NRestarts"]);
    return {
      state: found.get("ActiveState") ?? "unknown",
      restarts: Number(found.get("NRestarts") ?? 0),
      isBetweenStarts: found.get("SubState") === "auto-restart",
    };
  },
  journal: (unit) => unitLog(unit, 15),
  async proxyNow(path) {
    const text = await readFile(path, "utf8").catch(() => null);
    return text === null ? null : (JSON.parse(text) as ProxyConfiguration);
  },
  status: httpStatus,
  listens,
  pause: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  now: () => performance.now(),
};

/** The hub does the same when it starts; here a failing plugin can still be said to who reloads. */
async function prepareHub(
  effective: Config,
  paths: ServerPaths,
): Promise<readonly PluginFailure[]> {
  const { checkSnippets } = await import("../../hub/snippets.ts");
  await checkSnippets(paths);
  const { loadPlugins } = await import("../../plugins/load.ts");
  const { writeHubConfig } = await import("../../hub/write.ts");
  // Python plugins are called inside JupyterHub.
  const plugins = await loadPlugins({ paths, languages: ["typescript"] });
  try {
    const { failures } = await writeHubConfig({ paths, effective, plugins });
    const unloaded = plugins.failures.map(({ name, source, error }) => ({
      plugin: name ?? source,
      error,
    }));
    return [...unloaded, ...failures];
  } finally {
    await plugins.close();
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
