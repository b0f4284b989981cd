import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkEnvironment } from "./check.ts";
import { type Answers, environments, write } from "./fixtures.ts";
import { checksProblems, pluginChecks } from "./plugin-checks.ts";

const CHECK = { name: "stars shine", command: ["stars", "--test"] };

/** Checks an environment that has a program `stars`. */
async function tried(answers: Answers, command = CHECK.command) {
  const { staged, trial, started } = environments(answers);
  write(join(staged.directory, "bin/stars"), "");
  mkdirSync(join(staged.directory, "bin/folder"));
  const plugins = [pluginChecks("astro", [{ ...CHECK, command }])];
  await checkEnvironment(staged, "user", plugins, () => trial);
  return { started, prefix: staged.prefix };
}

test("a plugin has a program of the environment tried, or one of the system", async () => {
  const { started, prefix } = await tried({});
  expect(started).toContainEqual([`${prefix}/bin/stars`, "--test"]);
  expect((await tried({}, ["true"])).started).toContainEqual(["true"]);
  expect((await tried({}, ["/bin/true", "x"])).started).toContainEqual(["/bin/true", "x"]);
});

test("one that fails is an error that names plugin and check, with what was said and where the environment is kept", async () => {
  const dark = { stars: { exitCode: 1, output: "it is dark\n" } };
  await expect(tried(dark)).rejects.toMatchObject({
    code: "ENVIRONMENT_PLUGIN_CHECK_FAILED",
    message: expect.stringMatching(
      /"stars shine" of the plugin astro: stars --test failed.*user\.failed-1\nit is dark$/,
    ),
  });
});

test.each<[string, unknown, RegExp]>([
  ["no list", "stars", /what is no list/],
  ["too many", Array(101).fill(CHECK), /101 checks, and 100 are allowed/],
  ["no check", ["stars"], /a list that holds what is no check/],
  ["a check without a name", [{ command: ["x"] }], /a check whose name is no text/],
  ["a name with a line break", [{ ...CHECK, name: "a\nb" }], /a check whose name is no text/],
  ["a shell's line", [{ ...CHECK, command: "stars --test" }], /"stars shine", whose command is no/],
  ["no command", [{ ...CHECK, command: [] }], /no list of 1 to 100 words/],
  ["a number", [{ ...CHECK, command: ["stars", 1] }], /whose command has what is no word/],
  ["no program", [{ ...CHECK, command: [""] }], /whose command has what is no word/],
])("%s is no answer", (_, answer, message) => {
  const error = { code: "PLUGIN_CHECKS_INVALID", message: expect.stringMatching(message) };
  expect(checksProblems("astro", answer)).toMatchObject([error]);
  expect(() => pluginChecks("astro", answer)).toThrow(expect.objectContaining(error));
});

test("a plugin that answers nothing has nothing tried", () => {
  expect(pluginChecks("astro", null)).toEqual({ plugin: "astro", checks: [] });
});
