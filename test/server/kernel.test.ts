import { afterAll, beforeAll, expect, test } from "vitest";
import { type HubUser, type ServerUnderTest, serverForTests } from "../support/index.ts";

let under: ServerUnderTest;
let student: HubUser;

beforeAll(async () => {
  under = await serverForTests();
  student = await under.student();
  await student.startServer();
});
afterAll(() => student?.stopServer());

/** The version that stands in the user environment's record of a package. */
async function recorded(name: string): Promise<string> {
  const records = await under.server.must([
    "sh",
    "-c",
    `cat /opt/tljh/user/conda-meta/${name}-[0-9]*.json`,
  ]);
  return (JSON.parse(records) as { version: string }).version;
}

test("a kernel behind the proxy imports what a plugin asked for, and prints its version", async () => {
  const printed = await student.runInKernel("import xarray; print(xarray.__version__)");
  const numbers = (version: string) => version.trim().split(".").map(Number);
  expect(numbers(printed)).toEqual(numbers(await recorded("xarray")));
});

test("a kernel computes with what a plugin asked for", async () => {
  const code =
    "import dask.array; print(dask.array.ones((1000, 1000), chunks=100).sum().compute())";
  expect(await student.runInKernel(code)).toBe("1000000.0\n");
});

test("a kernel is the user's own: it writes in their home and nowhere in the environment", async () => {
  await using kernel = await student.openKernel();
  const code =
    "import os, sys; open('mine', 'w').close(); print(os.path.realpath('mine')); open(sys.prefix + '/x', 'w')";
  const { stdout, error } = await kernel.run(code);
  expect(stdout).toBe(`/home/jupyter-${student.username}/mine\n`);
  expect(error).toContain("PermissionError");
});

test("what one cell defines the next one has", async () => {
  await using kernel = await student.openKernel();
  await kernel.run("x = 41");
  expect((await kernel.run("x + 1")).value).toBe("42");
});

test("a cell's exception arrives as a traceback", async () => {
  await using kernel = await student.openKernel();
  expect((await kernel.run("1 / 0")).error).toContain("ZeroDivisionError: division by zero");
});

test("the variables that plugins of both languages set are in the kernel's environment", async () => {
  const code =
    "import os; print(os.environ['TLJH_SIMPLEST_TS'], os.environ['TLJH_SIMPLEST_PYTHON'])";
  expect(await student.runInKernel(code)).toBe("set set\n");
});
