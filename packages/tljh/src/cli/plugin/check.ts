import { existsSync } from "node:fs";
import { Command } from "commander";
import { type CheckOptions, checkPlugin } from "../../authors/check/check.ts";
import { classify } from "../../plugins/index.ts";
import { server } from "../../resources/server.ts";
import { type ServerPaths, serverPaths } from "../../system/paths.ts";
import { serverContext } from "../context.ts";
import { Ended } from "../ended.ts";
import { wantedByFlags } from "../wanted.ts";
import { checkText } from "./check-text.ts";

const examples = `
Examples:
  tljh plugin check ./tljh-stars
  sudo tljh plugin check ./tljh-stars
  sudo tljh plugin check npm:tljh-astronomy
  sudo tljh plugin check git+https://example.org/tljh-stars --json

It is loaded from a copy, and asked what it would contribute: hooks that act are not called, and nothing is
changed. As root on a server it is also told what tljh apply would do. Exit code 1 if there are problems.`;

export function checkCommand(): Command {
  return new Command("check")
    .summary("show what a plugin would do, and what is wrong with it")
    .description(
      "Show what a plugin would do to this server, and what is wrong with it. Changes nothing.",
    )
    .argument("<spec>", "a folder, npm:<spec> for npm, or anything else for pip")
    .option("--json", "the report as JSON")
    .addHelpText("after", examples)
    .action((spec: string, { json }: { json?: boolean }) => check(spec, json ?? false));
}

async function check(spec: string, json: boolean): Promise<void> {
  const request = await classify(spec);
  const paths = serverPaths();
  const onLine = (line: string) => void process.stderr.write(`${line}\n`);
  const contexts = await planContexts(spec, paths);
  try {
    const report = await checkPlugin(request, { paths, server: contexts?.server ?? null, onLine });
    process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : checkText(report));
    if (report.problems.length > 0) throw new Ended(1);
  } finally {
    await contexts?.close();
  }
}

/** With and without the plugin; only root can look at all of a server. */
async function planContexts(
  spec: string,
  paths: ServerPaths,
): Promise<{ server: CheckOptions["server"]; close(): Promise<void> } | null> {
  if (process.getuid?.() !== 0 || !existsSync(paths.installation)) return null;
  const common = { paths, dryRun: true, skipFailing: true, emit: () => {} } as const;
  const before = serverContext({ ...common, ...(await wantedByFlags({}, paths)) });
  const after = serverContext({ ...common, ...(await wantedByFlags({ plugin: [spec] }, paths)) });
  return {
    server: { resources: server, before, after },
    close: async () => {
      await Promise.all([before.close(), after.close()]);
    },
  };
}
