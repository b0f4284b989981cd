import { expect, test } from "vitest";
import { checkEnvironment } from "./environment.ts";

type Run = Parameters<typeof checkEnvironment>[0]["run"];

/** An environment at /p in which programs end with this exit code. */
function staged(exitCode: (program: string) => number, output = "") {
  const started: string[] = [];
  const run: Run = async ([program = "", ...args]) => {
    started.push([program, ...args].join(" "));
    return { exitCode: exitCode(program), output, stdout: output };
  };
  return { started, staged: { prefix: "/p", run } };
}

test("an environment is tried before it goes live: it imports, and the user's one starts a server", async () => {
  const { staged: prefix, started } = staged(() => 0);
  await checkEnvironment(prefix, "user");
  expect(started).toEqual([
    expect.stringMatching(/^\/p\/bin\/python -c import \w+(, \w+)*$/),
    "/p/bin/jupyterhub-singleuser --version",
  ]);
});

test("what fails is named, with the last lines that it said", async () => {
  const output = "Traceback\nModuleNotFoundError: No module named 'attr'\n";
  const { staged: prefix } = staged((program) => (program.endsWith("python") ? 1 : 0), output);
  await expect(checkEnvironment(prefix, "hub")).rejects.toMatchObject({
    code: "INSTALL_CHECK_FAILED",
    message: expect.stringMatching(/changed hub environment(.|\n)*No module named 'attr'$/),
  });
});
