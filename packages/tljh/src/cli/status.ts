import { styleText } from "node:util";
import { Command } from "commander";
import { readStatus, type ServerStatus } from "../health/status.ts";
import { since } from "../health/time.ts";
import { version } from "../version.ts";
import { serverAddress } from "./address.ts";
import { standardPage } from "./doctor.ts";
import { Ended } from "./ended.ts";
import { healthContext } from "./health-context.ts";
import { findingText, type Page, summaryText } from "./render/findings.ts";

const examples = `
Examples:
  sudo tljh status
  sudo tljh status --json | jq .servers

Exit code 0: all is well; 1: something is not. tljh doctor looks closer.`;

export function statusCommand(): Command {
  return new Command("status")
    .summary("show what runs, and what is not as it should be")
    .description("Show what runs on this server, and what is not as it should be.")
    .option("--json", "the same as JSON")
    .addHelpText("after", examples)
    .action(({ json }: { json?: boolean }) => showStatus(json ?? false));
}

async function showStatus(json: boolean): Promise<void> {
  await using context = await healthContext("tljh status");
  const address = await serverAddress(context.paths).catch(() => null);
  const status = await readStatus(context);
  const all = { version, address, ok: status.problems.length === 0, ...status };
  process.stdout.write(
    json ? `${JSON.stringify(all, null, 2)}\n` : statusText(all, standardPage(), new Date()),
  );
  if (!all.ok) throw new Ended(1);
}

type Shown = ServerStatus & { readonly version: string; readonly address: string | null };

/** The status for a reader. */
export function statusText(shown: Shown, page: Page, now: Date): string {
  const { address, services, servers, problems } = shown;
  const rows: (readonly [string, string])[] = [
    ["Version", shown.version],
    ["Address", address ?? "unknown, since config.yaml has mistakes"],
    ...services.map(({ name, up, state, since: start }): [string, string] => [
      name.replace(/^The (.)/, (_, letter: string) => letter.toUpperCase()),
      up ? `up since ${since(start, now)}` : bad(`down (${state})`, page),
    ]),
    ["Users' servers", servers.length === 0 ? "none" : String(servers.length)],
    ["Plugins", pluginsText(shown)],
  ];
  const table = rows.map(([name, value]) => `${name.padEnd(16)}${value}\n`).join("");
  const told = problems.map((problem) => findingText(null, problem, page)).join("");
  return `${table}\n${told}${told ? "\n" : ""}${summaryText(problems)}\n`;
}

function pluginsText({ plugins, disabled }: Shown): string {
  const loaded = plugins.length === 0 ? "none" : `${plugins.length} (${plugins.join(", ")})`;
  return disabled.length === 0 ? loaded : `${loaded}; disabled: ${disabled.join(", ")}`;
}

const bad = (text: string, { color }: Page) =>
  color ? styleText("red", text, { validateStream: false }) : text;
