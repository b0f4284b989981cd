import { parseArgs } from "node:util";
import { type ForgeEvent, forge, type ProfileName } from "./index.ts";
import { PROFILES } from "./profiles.ts";

const USAGE = "usage: node tools/debforge/cli.ts --profile small|full [--cache DIR] [--json]";

function isProfile(name: string): name is ProfileName {
  return Object.hasOwn(PROFILES, name);
}

function show(event: ForgeEvent): void {
  const text =
    event.type === "step"
      ? `${(event.milliseconds / 1000).toFixed(1).padStart(6)} s  ${event.step}: ${event.detail}`
      : `warning: ${event.message}`;
  process.stderr.write(`${text}\n`);
}

const { values } = parseArgs({
  options: {
    profile: { type: "string", default: "small" },
    cache: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help || !isProfile(values.profile)) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(values.help ? 0 : 2);
}
const started = performance.now();
const cache = values.cache ? { cacheDir: values.cache } : {};
const forged = await forge({ profile: values.profile, ...cache, onEvent: show });
process.stderr.write(
  `${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  in all\n`,
);
const { lock: _lock, ...places } = forged;
process.stdout.write(values.json ? `${JSON.stringify(places)}\n` : `${forged.directory}\n`);
