import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { errorFields, type Log, standardLog } from "../system/log.ts";
import { serverPaths } from "../system/paths.ts";
import { notifyReady } from "../system/systemd.ts";
import { type ProxyConfiguration, readConfiguration, readSecret } from "./configuration.ts";
import { prepare } from "./prepare.ts";
import { WebProxy } from "./proxy.ts";
import { RouteStore } from "./routes.ts";
import { handedOver, readTls, type TlsMaterial } from "./tls.ts";

/** Where systemd has put things; for a start by hand, where they are. */
function places(environment: NodeJS.ProcessEnv) {
  const paths = serverPaths();
  const credentials = environment.CREDENTIALS_DIRECTORY;
  return {
    configuration: credentials ? join(credentials, "proxy.json") : paths.proxyConfig,
    secret: credentials ? join(credentials, "proxy.secret") : paths.proxySecret,
    state: environment.STATE_DIRECTORY || paths.state,
    runtime: environment.RUNTIME_DIRECTORY || null,
  };
}

async function bootId(): Promise<string> {
  return (await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "")).trim();
}

async function tlsOf(
  { https }: ProxyConfiguration,
  runtime: string | null,
): Promise<TlsMaterial | null> {
  if (https === null) return null;
  return readTls(runtime === null ? https : handedOver(runtime));
}

function stopOnSignal(proxy: WebProxy, log: Log): void {
  const stop = async (signal: string): Promise<never> => {
    log("info", "ending", { signal });
    await proxy.stop();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => void stop(signal));
  // A connection that breaks in an unforeseen place must not break all others.
  const survive = (error: unknown): void =>
    log("error", "something failed unnoticed", errorFields(error));
  process.on("uncaughtException", survive);
  process.on("unhandledRejection", survive);
}

async function main(log: Log): Promise<void> {
  const where = places(process.env);
  if (process.argv[2] === "prepare") {
    // Credentials are not there yet for a step that runs as root; the files are.
    const configuration = await readConfiguration(serverPaths().proxyConfig);
    await prepare(configuration, where.runtime ?? where.state);
    return;
  }
  const configuration = await readConfiguration(where.configuration);
  const options = { log, boot: await bootId() };
  const proxy = await WebProxy.start({
    configuration,
    secret: await readSecret(where.secret),
    routes: await RouteStore.open(join(where.state, "routes.json"), options),
    tls: await tlsOf(configuration, where.runtime),
    log,
  });
  stopOnSignal(proxy, log);
  await notifyReady();
}

process.title = "tljh-proxy";
const log = standardLog();
main(log).catch((error: unknown) => {
  log("error", "the proxy cannot start", errorFields(error));
  process.exit(1);
});
