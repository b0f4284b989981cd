import { fileURLToPath } from "node:url";
import { HubUser } from "../../test/support/hub.ts";
import { copyPlugin, runInstall } from "../../tools/demo/install.ts";
import { type Cost, costOf } from "../cost.ts";
import type { BenchServer } from "../server.ts";

const ADMIN = { name: "admin", password: "a-long-enough-password" } as const;
const PLUGIN = fileURLToPath(new URL("../../examples/plugins/tljh-simple", import.meta.url));

/** Installs TLJH as an admin would; how long that took, in seconds. */
export async function installProduct({ server, sources }: BenchServer): Promise<number> {
  const plugin = await copyPlugin(server, PLUGIN);
  const began = performance.now();
  const admins = [`${ADMIN.name}:${ADMIN.password}`];
  const { exitCode, stdout, stderr } = await runInstall(server, {
    sources,
    admins,
    plugins: [plugin],
  });
  if (exitCode !== 0) throw new Error(`tljh install: exit code ${exitCode}\n${stdout}${stderr}`);
  return secondsSince(began);
}

const secondsSince = (began: number): number => (performance.now() - began) / 1000;

export function measureShow({ server }: BenchServer): Promise<Cost> {
  return costOf(server, ["/usr/bin/tljh-config", "show"]);
}

/** Another value each time, so that there is something to write. */
export function measureSet({ server }: BenchServer, run: number): Promise<Cost> {
  return costOf(server, ["/usr/bin/tljh-config", "set", "limits.memory", `${run + 1}G`]);
}

export async function measureApply({ server }: BenchServer): Promise<Cost> {
  const { stdout, stderr: _, ...cost } = await costOf(server, ["/opt/tljh/app/bin/tljh", "apply"]);
  if (stdout.includes("Nothing to do")) return cost;
  throw new Error(`tljh apply was to find nothing to do, but said:\n${stdout}`);
}

export interface LoginRun {
  readonly wall: number;
  /** Seconds of each step. */
  readonly steps: Readonly<Record<string, number>>;
}

/** From the login page to the first reply of a kernel, on a server that does not run yet. */
export async function measureLogin(address: string): Promise<LoginRun> {
  const user = new HubUser(address, ADMIN.name);
  const began = performance.now();
  const steps: Record<string, number> = {};
  const step = async <T>(name: string, work: Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work;
    steps[name] = secondsSince(start);
    return result;
  };
  const login = await step("login", user.login(ADMIN.password));
  if (!login.ok) throw new Error(`the login was refused: ${login.message}`);
  await step("server", user.startServer());
  const kernel = await step("kernel", user.openKernel());
  const { stdout } = await step("reply", kernel.run("print(6 * 7)"));
  const wall = secondsSince(began);
  if (stdout.trim() !== "42") throw new Error(`the kernel answered ${JSON.stringify(stdout)}`);
  await kernel[Symbol.asyncDispose]();
  await user.stopServer();
  return { wall, steps };
}
