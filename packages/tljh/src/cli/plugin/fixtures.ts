import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { vi } from "vitest";
import { pluginFolder, writeTree } from "../../plugins/fixtures.ts";
import type { PluginRequest } from "../../plugins/index.ts";
import { type ServerPaths, serverPaths } from "../../system/paths.ts";

/** A server's files below a scratch prefix, on which these plugins from folders are installed. */
export async function serverOnDisk(...names: string[]): Promise<ServerPaths> {
  vi.stubEnv("TLJH_INSTALL_PREFIX", mkdtempSync(join(tmpdir(), "tljh-plugin-")));
  const paths = serverPaths();
  const sources = Object.fromEntries(
    names.map((name) => [name, { ...request(name), content: "" }]),
  );
  const folders = Object.fromEntries(names.map((name) => [name, pluginFolder(name, "export {};")]));
  await writeTree(paths.plugins, {
    "package.json": JSON.stringify({ tljh: { sources } }),
    folders,
  });
  record(paths, { plugins: names.map(request) });
  return paths;
}

export const request = (name: string): PluginRequest => ({
  spec: `/srv/${name}`,
  kind: "folder-npm",
});

/** Writes what the server was asked to hold. */
export function record({ installation }: ServerPaths, wanted: object): void {
  mkdirSync(dirname(installation), { recursive: true });
  const defaults = { version: 1, channels: [], plugins: [], userRequirementsTxtUrl: null };
  writeFileSync(installation, JSON.stringify({ ...defaults, ...wanted }));
}

/** Runs a command of the group; what it writes to standard output is `output`. */
export async function runPlugin(
  command: Command,
  ...args: string[]
): Promise<{ readonly output: string; readonly error: unknown }> {
  let output = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += text;
    return true;
  });
  try {
    const group = new Command("plugin").addCommand(command);
    await group.parseAsync([command.name(), ...args], { from: "user" });
    return { output, error: null };
  } catch (error) {
    return { output, error };
  } finally {
    write.mockRestore();
  }
}
