import { dirname, join } from "node:path";
import { loadConfig } from "../config/load.ts";
import { cullSettings } from "../hub/index.ts";
import { loadPlugins } from "../plugins/index.ts";
import { errorFields, type Log, standardLog } from "../system/log.ts";
import { type ServerPaths, serverPaths } from "../system/paths.ts";
import { watchFile } from "../system/watch.ts";
import { Accounts } from "./accounts.ts";
import { Culler } from "./cull/culler.ts";
import type { CullSettings } from "./cull/decide.ts";
import { HttpHubApi } from "./cull/hub-api.ts";
import { Daemon } from "./daemon.ts";
import { EnvironmentFiles } from "./environment.ts";
import { daemonMethods } from "./methods.ts";
import { NewUserHook, type NewUserPlugins } from "./new-users.ts";
import { PasswordStore } from "./passwords.ts";
import { Servers } from "./servers.ts";

const hubAddress = "http://127.0.0.1:15001";
const version = process.env.TLJH_VERSION || "0";

async function readCullSettings(paths: ServerPaths): Promise<CullSettings> {
  const { effective } = await loadConfig(paths.configFile);
  return cullSettings(effective);
}

async function loadForNewUsers(paths: ServerPaths, log: Log): Promise<NewUserPlugins> {
  const onLine = (line: string): void => log("info", "a plugin says", { line });
  const plugins = await loadPlugins({ paths, onLine });
  for (const { name, source, error } of plugins.failures) {
    log("error", "a plugin takes no part", { plugin: name, source, ...errorFields(error) });
  }
  return plugins;
}

async function main(): Promise<void> {
  const log = standardLog();
  const paths = serverPaths();
  process.umask(0o022);
  const hook = new NewUserHook(() => loadForNewUsers(paths, log), log);
  const pending = join(paths.state, "new-accounts");
  const files = new EnvironmentFiles(join(dirname(paths.socket), "environment"));
  const methods = daemonMethods({
    version,
    accounts: new Accounts(pending, (account) => hook.welcome(account)),
    servers: new Servers(files, log),
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
    await hook.close();
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
