import { join } from "node:path";
import type { Check, Finding, HealthContext } from "./check.ts";
import { ok } from "./check.ts";

/** Both environments start, and their JupyterHubs go together. */
export const environments: Check = {
  id: "environments",
  title: "Environments",
  async look(context) {
    const { hub, user } = context.paths;
    const [hubVersion, userVersion] = await Promise.all([
      versionOf([join(hub, "bin", "python3"), "-m", "jupyterhub", "--version"], context),
      versionOf([join(user, "bin", "jupyterhub-singleuser"), "--version"], context),
    ]);
    const findings = [
      told(hubVersion, `The hub's environment starts`, "sudo tljh apply"),
      told(userVersion, `The users' environment starts`, "sudo tljh apply"),
    ];
    return [...findings, ...mismatch(hubVersion, userVersion)];
  },
};

type Version = { readonly version: string } | { readonly command: string; readonly said: string };

async function versionOf(
  [file, ...args]: readonly [string, ...string[]],
  { machine }: HealthContext,
): Promise<Version> {
  const { exitCode, stdout, stderr } = await machine.run(file, args);
  const version = /^\d+(\.\w+)*/m.exec(stdout.trim())?.[0];
  if (exitCode === 0 && version) return { version };
  const command = [file, ...args].join(" ");
  const last = `${stdout}\n${stderr}`.trim().split("\n").slice(-5).join("\n");
  return { command, said: last || `exit code ${exitCode}` };
}

function told(found: Version, starts: string, command: string): Finding {
  if ("version" in found) return ok(`${starts} (JupyterHub ${found.version})`);
  return {
    status: "error",
    message: `${starts.replace(" starts", " does not start")}: ${found.command} failed`,
    cause: found.said,
    remedy: `Have it mended: ${command}`,
  };
}

/** JupyterHub asks that both are of one major version. */
function mismatch(hub: Version, user: Version): readonly Finding[] {
  if (!("version" in hub && "version" in user)) return [];
  if (hub.version.split(".")[0] === user.version.split(".")[0]) return [];
  return [
    {
      status: "error",
      message: `The hub has JupyterHub ${hub.version} and the users' environment ${user.version}, which do not go together`,
      remedy: "Bring both up to date: sudo tljh apply",
    },
  ];
}
