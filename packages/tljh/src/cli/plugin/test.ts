import { Command } from "commander";
import { runTests } from "../../authors/test/run.ts";
import { serverPaths } from "../../system/paths.ts";
import { Ended } from "../ended.ts";

const examples = `
Examples:
  tljh plugin test
  tljh plugin test ./tljh-stars
  tljh plugin test ./tljh-stars -- --test-name-pattern=limit
  tljh plugin test ./tljh-stars-in-python -- -k limit

Tests in TypeScript are run by Node's test runner, those in Python by the hub's pytest, or by unittest
where it has none. What follows -- is for them.`;

export function testCommand(): Command {
  return new Command("test")
    .summary("run a plugin's own tests")
    .description(
      "Run a plugin's own tests, without a server: tljh/testing, or tljh.testing, helps.",
    )
    .argument("[folder]", "the plugin's folder", ".")
    .argument("[args...]", "for the test runner, after --")
    .addHelpText("after", examples)
    .action((folder: string, args: readonly string[]) =>
      // Without a folder, what follows -- comes in its place.
      folder.startsWith("-") ? test(".", [folder, ...args]) : test(folder, args),
    );
}

async function test(folder: string, args: readonly string[]): Promise<void> {
  if (!(await runTests(folder, args, serverPaths()))) throw new Ended(1);
}
