import { setTimeout as pause } from "node:timers/promises";
import { loadConfig } from "../config/load.ts";
import { hubSilent } from "../errors/install.ts";
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
    const { effective } = await loadConfig(paths.configFile);
    const url = `http://127.0.0.1:${effective.http.port}${effective.base_url}hub/api`;
    return { url, answers: await answers(url) };
  },
  compare: (found) => (found.answers ? [] : [{ action: "add", what: found.url }]),
  async change({ url }) {
    const end = Date.now() + limit * 1000;
    while (Date.now() < end) {
      if (await answers(url)) return;
      await pause(200);
    }
    throw hubSilent(url, limit, await unitLog("jupyterhub.service", 15));
  },
});

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}
