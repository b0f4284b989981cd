import { execa } from "execa";
import { requirements } from "./server/requirements.ts";

/** Everything that the project holds itself to, in the order in which it is quickest to fail. */
const checks: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["format and lint", "biome", "check", "."],
  ["types", "tsc", "--noEmit"],
  [
    "direction of imports",
    "depcruise",
    "packages",
    "tools",
    "--config",
    ".dependency-cruiser.json",
  ],
  ["unused code", "knip", "--no-progress"],
  ["Python", "node", "tools/python/check.ts"],
  ["unit and integration tests", "vitest", "run", "--project", "unit"],
];

const missing = await requirements();
const commands =
  missing.length === 0
    ? [...checks, ["server tests", "vitest", "run", "--project", "server"] as const]
    : checks;

for (const [name, command, ...args] of commands) {
  const started = performance.now();
  console.log(`\n— ${name}`);
  const { exitCode } = await execa(command, args, {
    stdio: "inherit",
    preferLocal: true,
    reject: false,
  });
  console.log(`— ${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  if (exitCode !== 0) process.exit(exitCode ?? 1);
}
if (missing.length > 0 && process.env.CI) {
  console.error(`The server tests need ${missing.map((one) => one.what).join(", ")}.`);
  process.exit(1);
} else if (missing.length > 0)
  console.log(`\nThe server tests were left out: ${missing.map((one) => one.what).join(", ")}.`);
