import { RpcError } from "../rpc/index.ts";
import { version } from "../version.ts";
import type { Check, Finding, HealthContext } from "./check.ts";
import { failure, ok } from "./check.ts";
import { since } from "./time.ts";

/** The units of a server, with what each is to an admin. */
export const units = [
  { unit: "tljhd.socket", name: "The daemon's socket" },
  { unit: "tljhd.service", name: "The daemon" },
  { unit: "tljh-proxy.service", name: "The proxy" },
  { unit: "jupyterhub.service", name: "JupyterHub" },
] as const;

/** So many starts by systemd itself mean that something fails again and again. */
const MANY_RESTARTS = 3;

export const services: Check = {
  id: "services",
  title: "Services",
  look: async (context) => (await Promise.all(units.map((one) => lookAtUnit(one, context)))).flat(),
};

async function lookAtUnit(
  { unit, name }: (typeof units)[number],
  { machine }: HealthContext,
): Promise<readonly Finding[]> {
  const found = await machine.unit(unit);
  if (!found.known)
    return [
      {
        status: "error",
        message: `${name} is not installed: systemd knows no ${unit}`,
        remedy: "Put it back: sudo tljh apply",
      },
    ];
  if (!found.active) {
    // What was stopped by somebody has nothing to say about it.
    const journal = found.state === "inactive" ? "" : await machine.journal(unit);
    return [
      {
        status: "error",
        message: `${name} is not running: ${unit} is ${found.state}`,
        ...(journal ? { cause: journal } : {}),
        remedy: `Start it: sudo systemctl restart ${unit}. What it said: sudo journalctl -u ${unit}`,
      },
    ];
  }
  return [
    ok(`${name} runs since ${since(found.since, machine.now())}`),
    ...doubts(unit, name, found),
  ];
}

function doubts(
  unit: string,
  name: string,
  { enabled, restarts }: { enabled: boolean; restarts: number },
): Finding[] {
  const findings: Finding[] = [];
  if (!enabled)
    findings.push({
      status: "warning",
      message: `${name} would not be started with the server`,
      remedy: `Let it: sudo systemctl enable ${unit}`,
    });
  if (restarts >= MANY_RESTARTS)
    findings.push({
      status: "warning",
      message: `${name} ended unexpectedly ${restarts} times and was started again`,
      remedy: `See why: sudo journalctl -u ${unit}`,
    });
  return findings;
}

/** The daemon answers on its socket, and is of this program's version. */
export const daemon: Check = {
  id: "daemon",
  title: "Daemon",
  async look({ paths, machine }) {
    let running: string;
    try {
      running = await machine.ping(paths.socket);
    } catch (error) {
      const remedy = "Start it anew; users' servers go on: sudo systemctl restart tljhd.service";
      const reason = error instanceof RpcError ? error.message : failure(error).message;
      return [{ status: "error", message: "The daemon does not answer", cause: reason, remedy }];
    }
    if (running === version) return [ok(`The daemon answers on ${paths.socket}`)];
    return [
      {
        status: "warning",
        message: `The daemon that runs is of version ${running}, this program of ${version}`,
        remedy: "Start it anew; users' servers go on: sudo systemctl restart tljhd.service",
      },
    ];
  },
};
