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
  async change({ url }) {
    const end = performance.now() + limit * 1000;
    while (performance.now() < end) {
      if (await answers(url)) return;
      await pause(200);
    }
    throw hubSilent(url, limit, await unitLog("jupyterhub.service", 15));
  },
});

const answers = async (url: string) => (await httpStatus(url)) === 200;
