import { readFile } from "node:fs/promises";
import { HUB_PORT } from "../config/rules.ts";
import { formatProxyConfiguration, hubUrl, proxyConfiguration, reachable } from "../hub/index.ts";
import type { Check, Finding, HealthContext } from "./check.ts";
import { ok } from "./check.ts";

/** Something listens on the ports that `config.yaml` names, and it is the proxy. */
export const ports: Check = {
  id: "ports",
  title: "Ports",
  async look(context) {
    const { http, https } = proxyConfiguration((await context.config()).effective);
    const listeners = https ? [http, https] : [http];
    const found = await Promise.all(listeners.map((one) => lookAtPort(one, context)));
    return [...found.flat(), ...(await lookAtProxySettings(context))];
  },
};

async function lookAtPort(
  { address, port }: { readonly address: string; readonly port: number },
  { machine }: HealthContext,
): Promise<readonly Finding[]> {
  const isOpen = await machine.listens(reachable(address), port);
  const { active } = await machine.unit("tljh-proxy.service");
  if (!isOpen && !active)
    return [
      {
        status: "warning",
        message: `Port ${port} is closed while the proxy does not run`,
        remedy: "Start the proxy: it is told above.",
      },
    ];
  if (!isOpen)
    return [
      {
        status: "error",
        message: `Nothing listens on port ${port}`,
        remedy:
          "Start the proxy anew; users' servers go on: sudo systemctl restart tljh-proxy.service",
      },
    ];
  if (active) return [ok(`Port ${port} is open`)];
  const holder = await machine.holder(port);
  return [
    {
      status: "error",
      message: `Port ${port} is taken by ${holder ?? "another program"}`,
      remedy:
        "Stop that program, or choose another port: sudo tljh-config set http.port 8080; then sudo tljh-config reload proxy",
    },
  ];
}

/** What the proxy was told last is what `config.yaml` says now. */
async function lookAtProxySettings({ paths, config }: HealthContext): Promise<readonly Finding[]> {
  const wanted = formatProxyConfiguration(proxyConfiguration((await config()).effective));
  const told = await readFile(paths.proxyConfig, "utf8").catch(() => null);
  if (told === wanted) return [];
  return [
    {
      status: "warning",
      message: "The proxy does not know yet what config.yaml says of addresses, ports and HTTPS",
      remedy: "Tell it: sudo tljh-config reload proxy",
    },
  ];
}

/** JupyterHub answers where users ask it. */
export const hub: Check = {
  id: "hub",
  title: "JupyterHub",
  async look({ config, machine }) {
    const { effective } = await config();
    const url = hubUrl(proxyConfiguration(effective), effective.base_url);
    const answer = await machine.status(url);
    if (answer === 200) return [ok(`JupyterHub answers through the proxy at ${url}`)];
    const direct = await machine.status(`http://127.0.0.1:${HUB_PORT}${effective.base_url}hub/api`);
    if (direct === 200)
      return [
        {
          status: "error",
          message: `JupyterHub runs, but does not answer through the proxy at ${url}`,
          cause: said(answer),
          remedy:
            "Start the proxy anew; users' servers go on: sudo systemctl restart tljh-proxy.service",
        },
      ];
    const journal = await machine.journal("jupyterhub.service");
    return [
      {
        status: "error",
        message: "JupyterHub does not answer",
        cause: [said(direct), journal].filter(Boolean).join("\n"),
        remedy: "Start it anew, which checks its configuration first: sudo tljh-config reload",
      },
    ];
  },
};

const said = (answer: number | string) =>
  typeof answer === "number" ? `it answers with HTTP status ${answer}` : answer;
