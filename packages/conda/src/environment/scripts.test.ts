import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/support/environment.ts";
import type { FixturePackage } from "../../test/support/package.ts";

const TOOL: FixturePackage = { name: "tool", files: { "share/tool.txt": "one" } };

test("a post-link script that fails is an error which names the package, and nothing changes", async () => {
  const env = testEnvironment();
  const broken: FixturePackage = {
    name: "broken",
    files: { "bin/.broken-post-link.sh": "echo cannot; exit 3\n" },
  };
  const failure = await env.change([broken], ["broken"]).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: "CONDA_SCRIPT_FAILED",
    message: expect.stringMatching(/post-link.*broken.*3:\ncannot$/s),
  });
  expect(existsSync(env.prefix)).toBe(false);
});

test("a pre-unlink script that fails is told, and its package goes all the same", async () => {
  const env = testEnvironment();
  const broken: FixturePackage = {
    name: "broken",
    files: { "bin/.broken-pre-unlink.sh": "echo cannot; exit 3\n", "share/broken": "" },
  };
  await env.change([broken], ["broken"]);
  await env.change([TOOL], ["tool"], { remove: ["broken"] });
  expect(existsSync(`${env.prefix}/share/broken`)).toBe(false);
  expect(env.events).toContainEqual({
    type: "warning",
    code: "CONDA_UNLINK_SCRIPT_FAILED",
    message: expect.stringMatching(/broken.*pre-unlink.*3: cannot$/),
  });
});

test("post-link and pre-unlink scripts get conda's variables, and their messages are told", async () => {
  const env = testEnvironment();
  const variables = ["PKG_NAME", "PKG_VERSION", "PKG_BUILDNUM", "PREFIX", "ROOT_PREFIX", "PWD"];
  const say = (what: string) =>
    `echo "${what} ${variables.map((name) => `$${name}`).join(" ")} \${PATH%%:*}" >> "$PREFIX/log.txt"\n`;
  const talker: FixturePackage = {
    name: "talker",
    build_number: 7,
    files: {
      "bin/.talker-post-link.sh": `${say("in")}echo hello > "$PREFIX/.messages.txt"\n`,
      "bin/.talker-pre-unlink.sh": say("out"),
    },
  };
  await env.change([talker], ["talker"]);
  await env.change([talker, TOOL], ["tool"], { remove: ["talker"] });
  // Only root may show a script the copy at its final path.
  const prefix = process.getuid?.() === 0 ? env.prefix : `${env.prefix}\\.staged-[0-9a-f]+`;
  const said = `talker 1\\.0 7 ${prefix} ${prefix} ${prefix}/bin ${prefix}/bin`;
  expect(env.read("log.txt")).toMatch(new RegExp(`^in ${said}\nout ${said}\n$`));
  expect(env.events).toContainEqual({
    type: "warning",
    code: "CONDA_PACKAGE_MESSAGE",
    message: "talker: hello",
  });
});
