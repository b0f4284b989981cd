import { loadConfig } from "../config/load.ts";
import { readPluginSections } from "../config/settings/sections.ts";
import { notInstalled } from "../errors/health.ts";
import type { HealthContext } from "../health/check.ts";
import { machine } from "../health/machine.ts";
import { checkRoot } from "../install/preflight.ts";
import { type LoadedPlugins, loadPlugins } from "../plugins/index.ts";
import { plan } from "../resources/plan.ts";
import { server } from "../resources/server.ts";
import { serverPaths } from "../system/paths.ts";
import { recorded } from "./apply.ts";
import { recordedInstallation, serverContext } from "./context.ts";

/** What the checks look at on this server. Throws where nothing is installed, and for who is not root. */
export async function healthContext(
  command: string,
  uid = process.getuid?.(),
): Promise<HealthContext & AsyncDisposable> {
  checkRoot(command, uid);
  const paths = serverPaths();
  const installation = await recordedInstallation(paths);
  if (installation === null) throw notInstalled(paths.prefix);
  const config = once(async () =>
    loadConfig(paths.configFile, await readPluginSections(paths.pluginSettings)),
  );
  const opened: Promise<LoadedPlugins>[] = [];
  const plugins = once(() => {
    const loading = loadPlugins({ paths, onLine: () => {} });
    opened.push(loading);
    return loading;
  });
  return {
    paths,
    machine,
    config,
    plugins,
    plan: async () => {
      const context = serverContext({
        paths,
        wanted: recorded(installation),
        dryRun: true,
        emit: () => {},
      });
      try {
        return await plan(server, context);
      } finally {
        await context.close();
      }
    },
    async [Symbol.asyncDispose]() {
      for (const loading of opened)
        await loading.then(
          (loaded) => loaded.close(),
          () => {},
        );
    },
  };
}

/** Does it the first time, and gives the same answer, or error, to everybody. */
function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
