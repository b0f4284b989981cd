import { setTimeout as pause } from "node:timers/promises";
import { loadCompleteConfig } from "../config/load.ts";
import { hubSilent } from "../errors/install.ts";
import { httpStatus, hubUrl, proxyConfiguration } from "../hub/index.ts";
import { unitLog } from "../system/systemd.ts";
import { resource } from "./resource.ts";

const limit = 120;

interface Found {
  readonly url: string;
  readonly answers: boolean;
}

/** JupyterHub answers through the proxy, at the address its users type. */
export const hubAnswers = resource<Found>({
  id: "hub-answers",
  title: "JupyterHub answers",
  async read({ paths }) {
    const { effective } = await loadCompleteConfig(paths.configFile);
    const url = hubUrl(proxyConfiguration(effective), effective.base_url);
    return { url, answers: await answers(url) };
  },
  compare: (found) => (found.answers ? [] : [{ action: "add", what: found.url }]),
  change: ({ url }) => waitForAnswer(url, limit),
});

/** Asks until the hub answers; at least once. */
export async function waitForAnswer(url: string, seconds: number): Promise<undefined> {
  const end = performance.now() + seconds * 1000;
  while (!(await answers(url))) {
    if (performance.now() > end)
      throw hubSilent(url, seconds, await unitLog("jupyterhub.service", 15).catch(() => ""));
    await pause(200);
  }
}

const answers = async (url: string) => (await httpStatus(url)) === 200;
