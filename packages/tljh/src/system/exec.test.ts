import { expect, test } from "vitest";
import { exec, tryExec } from "./exec.ts";

test("lines of both outputs arrive as they are written", async () => {
  const lines: string[] = [];
  await exec("sh", ["-c", "echo one; echo two >&2; echo three"], {
    onLine: (line) => lines.push(line),
  });
  expect(lines.sort()).toEqual(["one", "three", "two"]);
});

test("a program that fails is an error with its last words and exit code", async () => {
  await expect(exec("sh", ["-c", "echo broken >&2; exit 3"])).rejects.toMatchObject({
    code: "COMMAND_FAILED",
    message: expect.stringMatching(/exit code 3:\nbroken/),
  });
});

test("a program that is not there ends with 127", async () => {
  expect((await tryExec("/no/such/program", [])).exitCode).toBe(127);
});

test("arguments with secrets stay out of the message", async () => {
  const run = exec("sh", ["-c", "exit 1", "secret"]);
  await expect(run).rejects.toMatchObject({ message: expect.not.stringContaining("secret") });
});

test("standard input is what was given", async () => {
  expect((await exec("cat", [], { input: "hello" })).stdout).toBe("hello");
});

test("the environment is added to", async () => {
  const { stdout } = await exec("sh", ["-c", "echo $ADDED:$PATH"], { env: { ADDED: "yes" } });
  expect(stdout).toMatch(/^yes:\//);
});
