import { dirname, join } from "node:path";
import { loadConfig } from "../config/load.ts";
import { cullSettings } from "../hub/index.ts";
import { type Outcomes, updateReport } from "../plugins/reports.ts";
import { errorFields, standardLog } from "../system/log.ts";
import { type ServerPaths, serverPaths } from "../system/paths.ts";
import { watchFile } from "../system/watch.ts";
import { Accounts } from "./accounts.ts";
import { Culler } from "./cull/culler.ts";
import type { CullSettings } from "./cull/decide.ts";
import { HttpHubApi } from "./cull/hub-api.ts";
import { Daemon } from "./daemon.ts";
import { EnvironmentFiles } from "./environment.ts";
import { loadUserPlugins } from "./load.ts";
import { daemonMethods } from "./methods.ts";
import { PasswordStore } from "./passwords.ts";
import { PluginSet, pluginStamp } from "./plugin-set.ts";
import { Servers } from "./servers.ts";
import { UserHooks } from "./user-hooks.ts";

const hubAddress = "http://127.0.0.1:15001";
const version = process.env.TLJH_VERSION || "0";

async function readCullSettings(paths: ServerPaths): Promise<CullSettings> {
  const { effective } = await loadConfig(paths.configFile);
  return cullSettings(effective);
}

async function main(): Promise<void> {
  const log = standardLog();
  const paths = serverPaths();
  process.umask(0o022);
  const plugins = new PluginSet(
    () => loadUserPlugins(paths, log),
    () => pluginStamp(paths),
  );
  const report = (outcomes: Outcomes) => updateReport(paths.pluginReports, "daemon", outcomes);
  const hooks = new UserHooks({ plugins, report, log });
  const pending = join(paths.state, "new-accounts");
  const files = new EnvironmentFiles(join(dirname(paths.socket), "environment"));
  const methods = daemonMethods({
    version,
    accounts: new Accounts(pending, hooks),
    servers: new Servers(files, (...args) => hooks.prepare(...args), log),
    passwords: new PasswordStore(paths.passwords),
  });
  const culler = new Culler({
    readSettings: () => readCullSettings(paths),
    connect: ({ baseUrl }) => HttpHubApi.open(`${hubAddress}${baseUrl}hub/api`, paths.daemonSecret),
    log,
  });
  const watcher = watchFile(paths.configFile, () => void culler.reconsider());
  const daemon = new Daemon(methods, log);
  const stop = async (signal: string): Promise<never> => {
    log("info", "ending", { signal });
    watcher.close();
    culler.stop();
    await daemon.stop();
    await plugins.close();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => void stop(signal));
  // A plugin's forgotten promise must not take everybody's logins down.
  process.on("unhandledRejection", (error) =>
    log("error", "something failed unnoticed", errorFields(error)),
  );
  await daemon.start(paths.socket);
  culler.start();
}

process.title = "tljhd";
main().catch((error: unknown) => {
  standardLog()("error", "the daemon cannot start", errorFields(error));
  process.exitCode = 1;
});
