import { commandFailed } from "../errors/system.ts";
import { exec, tryExec } from "./exec.ts";

export interface UnitState {
  readonly active: boolean;
  /** Started at boot; a unit that is started by others (`static`) counts as enabled. */
  readonly enabled: boolean;
  /** When it became active, in milliseconds since the epoch; null when it is not. */
  readonly startedAt: number | null;
}

/** The `key=value` lines of `systemctl show`. */
export function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  for (const line of text.split("\n")) {
    const at = line.indexOf("=");
    if (at > 0) properties.set(line.slice(0, at), line.slice(at + 1));
  }
  return properties;
}

/** What systemd says of a unit; one that it does not know has `LoadState=not-found`. */
export async function showProperties(
  unit: string,
  names: readonly string[],
): Promise<Map<string, string>> {
  const args = ["show", `--property=${names.join(",")}`, "--", unit];
  return parseProperties((await exec("systemctl", args)).stdout);
}

/** What the clock of `...TimestampMonotonic` and the wall clock show at the same moment, in milliseconds. */
export interface Clocks {
  readonly monotonic: number;
  readonly wall: number;
}

const now = (): Clocks => ({ monotonic: Number(process.hrtime.bigint()) / 1e6, wall: Date.now() });

/** The monotonic time is exact, and every version of systemd prints it alike; 0 stands for never. */
function wallTime(microseconds: string | undefined, clocks: Clocks): number | null {
  const at = Number(microseconds ?? 0) / 1000;
  return at > 0 ? Math.round(clocks.wall - clocks.monotonic + at) : null;
}

export function unitState(
  properties: ReadonlyMap<string, string>,
  clocks: Clocks = now(),
): UnitState {
  const active = properties.get("ActiveState") === "active";
  const file = properties.get("UnitFileState") ?? "";
  return {
    active,
    enabled: ["enabled", "enabled-runtime", "static", "alias", "generated"].includes(file),
    startedAt: active ? wallTime(properties.get("ActiveEnterTimestampMonotonic"), clocks) : null,
  };
}

export async function showUnit(unit: string): Promise<UnitState> {
  const names = ["ActiveState", "UnitFileState", "ActiveEnterTimestampMonotonic"];
  return unitState(await showProperties(unit, names));
}

/** Names of units that match a pattern, such as `jupyter-*.service`, and are in a state. */
export async function listUnits(pattern: string, state: string): Promise<readonly string[]> {
  const args = [
    "list-units",
    "--plain",
    "--no-legend",
    "--full",
    `--state=${state}`,
    "--",
    pattern,
  ];
  const { stdout } = await exec("systemctl", args);
  return stdout.split("\n").flatMap((line) => line.trim().split(/\s+/, 1).filter(Boolean));
}

export async function isActive(unit: string): Promise<boolean> {
  return (await tryExec("systemctl", ["is-active", "--quiet", "--", unit])).exitCode === 0;
}

/** Makes systemd read unit files again. */
export async function reloadUnits(): Promise<void> {
  await exec("systemctl", ["daemon-reload"]);
}

export async function enableUnits(units: readonly string[]): Promise<void> {
  if (units.length > 0) await exec("systemctl", ["enable", "--quiet", "--", ...units]);
}

/** Starts the unit when it is not running. */
export async function restartUnit(unit: string): Promise<void> {
  await withJournal(unit, ["restart", "--", unit]);
}

/** Waits until the unit is gone; one that systemd does not know is gone already. */
export async function stopUnit(unit: string): Promise<void> {
  const notLoaded = 5;
  const args = ["stop", "--", unit];
  const result = await tryExec("systemctl", args);
  if (result.exitCode !== 0 && result.exitCode !== notLoaded) {
    throw commandFailed("systemctl", args, result);
  }
}

/** Forgets that the unit failed; harmless for any other unit. */
export async function resetFailed(unit: string): Promise<void> {
  await tryExec("systemctl", ["reset-failed", "--", unit]);
}

/** The last lines that a unit wrote, and systemd about it, since its last start. */
export async function unitLog(unit: string, lines: number): Promise<string> {
  const id = (await showProperties(unit, ["InvocationID"])).get("InvocationID");
  if (!id) return "";
  const since = [`_SYSTEMD_INVOCATION_ID=${id}`, "+", `INVOCATION_ID=${id}`];
  const args = ["--no-pager", "--quiet", "--output=cat", `--lines=${lines}`, ...since];
  return (await tryExec("journalctl", args)).stdout.trim();
}

/** Tells systemd that a service of `Type=notify` is ready, and waits until it has heard. */
export async function notifyReady(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  if (environment.NOTIFY_SOCKET) await exec("systemd-notify", ["--ready"]);
}

/** systemctl alone says "see the journal": what stands there belongs into the error. */
async function withJournal(unit: string, args: readonly string[]): Promise<void> {
  const result = await tryExec("systemctl", args);
  if (result.exitCode === 0) return;
  const stderr = [result.stderr, await unitLog(unit, 10)].filter(Boolean).join("\n");
  throw commandFailed("systemctl", args, { ...result, stderr });
}
