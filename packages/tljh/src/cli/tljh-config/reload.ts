import { loadCompleteConfig } from "../../config/load.ts";
import { readPluginSections } from "../../config/settings/sections.ts";
import {
  hubKeepsFailing,
  hubNotReady,
  proxyNotReady,
  restartFailed,
  systemdMissing,
} from "../../errors/hub.ts";
import { hubUrl, reachable } from "../../hub/answers.ts";
import { urlHost } from "../../hub/assignments.ts";
import { type ProxyConfiguration, proxyConfiguration, writeProxyConfig } from "../../hub/proxy.ts";
import type { ServerPaths } from "../../system/paths.ts";
import type { Io } from "./io.ts";
import type { Services, UnitRun } from "./services.ts";

export interface Reload {
  readonly paths: ServerPaths;
  readonly io: Io;
  readonly services: Services;
  /** Seconds to wait until the component answers. */
  readonly timeout: number;
}

const HUB = "jupyterhub.service";
const PROXY = "tljh-proxy.service";
/** After this many starts by systemd itself the hub is given up as soon as it has failed again. */
const ENOUGH_RESTARTS = 2;
/** By then it is given up whatever it does: the moments between its starts were missed. */
const FAR_TOO_MANY_RESTARTS = 5;
const POLL = 300;

/** Restarts the hub, once its configuration is known to be good, and waits until it answers. */
export async function reloadHub({ paths, io, services, timeout }: Reload): Promise<void> {
  const sections = await readPluginSections(paths.pluginSettings);
  const { effective, warnings } = await loadCompleteConfig(paths.configFile, sections);
  for (const { message } of warnings) io.err(`note: ${message}\n`);
  const wanted = proxyConfiguration(effective);
  for (const { plugin, error } of await services.prepareHub(effective, paths))
    io.err(`note: the plugin ${plugin} takes no part: ${messageOf(error)}\n`);
  await restart(HUB, services);
  const now = (await services.proxyNow(paths.proxyConfig)) ?? wanted;
  await waitForHub(hubUrl(now, effective.base_url), services, timeout);
  io.out("Hub reload with new configuration complete\n");
  if (JSON.stringify(now) !== JSON.stringify(wanted))
    io.err("note: the proxy's settings have changed too: sudo tljh-config reload proxy\n");
}

/** Tells the proxy its configuration and restarts it. Users' servers, and the hub, go on. */
export async function reloadProxy({ paths, io, services, timeout }: Reload): Promise<void> {
  const { effective, warnings } = await loadCompleteConfig(paths.configFile);
  for (const { message } of warnings) io.err(`note: ${message}\n`);
  await services.checkTls(proxyConfiguration(effective));
  const configuration = await writeProxyConfig(effective, paths);
  await restart(PROXY, services);
  await waitForProxy(configuration, services, timeout);
  io.out("Proxy reload with new configuration complete\n");
}

async function restart(unit: string, services: Services): Promise<void> {
  if (!(await services.hasSystemd())) throw systemdMissing(unit);
  try {
    await services.restart(unit);
  } catch (error) {
    throw restartFailed(unit, error);
  }
}

async function waitForHub(url: string, services: Services, seconds: number): Promise<void> {
  const end = services.now() + seconds * 1000;
  let last: number | string = "";
  while (services.now() < end) {
    last = await services.status(url);
    if (last === 200) return;
    const run = await services.run(HUB);
    if (isGivenUp(run)) throw hubKeepsFailing(run.restarts, await services.journal(HUB));
    await services.pause(POLL);
  }
  const said = typeof last === "number" ? `HTTP status ${last}` : last;
  throw hubNotReady({ url, seconds, last: said, journal: await services.journal(HUB) });
}

/** Between two starts, the journal of the last one is whole. */
function isGivenUp({ state, restarts, isBetweenStarts }: UnitRun): boolean {
  if (state === "failed" || restarts >= FAR_TOO_MANY_RESTARTS) return true;
  return isBetweenStarts && restarts >= ENOUGH_RESTARTS;
}

async function waitForProxy(
  { http, https }: ProxyConfiguration,
  services: Services,
  seconds: number,
): Promise<void> {
  const end = services.now() + seconds * 1000;
  for (const { address, port } of https ? [http, https] : [http]) {
    const host = reachable(address);
    while (!(await services.listens(host, port))) {
      if (services.now() >= end || (await services.run(PROXY)).state === "failed")
        throw proxyNotReady(`${urlHost(host)}:${port}`, seconds, await services.journal(PROXY));
      await services.pause(POLL);
    }
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
