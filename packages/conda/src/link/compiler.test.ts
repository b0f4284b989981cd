import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../test/support/environment.ts";
import { Compiler, plainStart } from "./compiler.ts";

const compilerOf = (python: string) =>
  new Compiler({ python, processes: 2, start: plainStart(python) });

test("byte code bears the time and length of its source, and the name it was given", async () => {
  const directory = temporaryDirectory();
  const source = join(directory, "a.py");
  writeFileSync(source, "x = 1\n");
  const target = join(directory, "a.pyc");
  const compiler = compilerOf("python3");
  expect(await compiler.compile([{ source, name: "lib/a.py", target }])).toEqual([true]);
  await compiler.close();
  const code = readFileSync(target);
  expect(code.readUInt32LE(4)).toBe(0);
  expect(code.readUInt32LE(12)).toBe(6);
  expect(code.includes("lib/a.py")).toBe(true);
});

test("answers are in the order of the jobs, over several batches and processes", async () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "out"));
  const jobs = Array.from({ length: 100 }, (_, place) => {
    const source = join(directory, `${place}.py`);
    writeFileSync(source, place % 7 === 0 ? "def (" : "x = 1\n");
    return { source, name: `${place}.py`, target: join(directory, "out", `${place}.pyc`) };
  });
  const compiler = compilerOf("python3");
  const compiled = await compiler.compile(jobs);
  await compiler.close();
  expect(compiled).toEqual(jobs.map((_, place) => place % 7 !== 0));
});

test("a Python that does not start, or dies, is an error that names it and never a wait", async () => {
  for (const python of ["/no/such/python", "/bin/false"]) {
    const jobs = Array.from({ length: 60 }, () => ({ source: "a", name: "a", target: "a" }));
    await expect(compilerOf(python).compile(jobs)).rejects.toMatchObject({
      code: "CONDA_COMPILE_FAILED",
      message: expect.stringContaining(python),
    });
  }
});

test("a file that cannot be written whole ends the compilation, and is not left out in silence", async () => {
  const directory = temporaryDirectory();
  const source = join(directory, "a.py");
  writeFileSync(source, "x = 1\n");
  const limited = new Compiler({
    python: "python3",
    processes: 1,
    start: (args) => spawn("sh", ["-c", 'ulimit -f 0; exec python3 "$@"', "sh", ...args]),
  });
  const compiled = limited.compile([{ source, name: "a.py", target: join(directory, "a.pyc") }]);
  await expect(compiled).rejects.toMatchObject({
    code: "CONDA_COMPILE_FAILED",
    message: expect.stringContaining("File too large"),
  });
});

test("a full disk is told as such", async () => {
  const full = new Compiler({
    python: "python3",
    processes: 1,
    start: () => spawn("sh", ["-c", "echo 'OSError: [Errno 28] No space left on device' >&2"]),
  });
  const compiled = full.compile([{ source: "a", name: "a", target: "a" }]);
  await expect(compiled).rejects.toMatchObject({ code: "CONDA_DISK_FULL" });
});

test("one that is closed while it works stops at once, and writes nothing afterwards", async () => {
  let ended = false;
  const busy = new Compiler({
    python: "python3",
    processes: 1,
    start: () => {
      const child = spawn("sleep", ["60"]);
      child.on("exit", () => {
        ended = true;
      });
      return child;
    },
  });
  const compiled = busy.compile([{ source: "a", name: "a", target: "a" }]);
  compiled.catch(() => {});
  await busy.close();
  expect(ended).toBe(true);
  await expect(compiled).rejects.toMatchObject({ code: "CONDA_COMPILE_FAILED" });
});
