import { afterEach, expect, it, vi } from "vitest";
import { run } from "../main.ts";

const { runTests } = vi.hoisted(() => ({
  runTests: vi.fn<(folder: string, args: readonly string[]) => Promise<boolean>>(),
}));

vi.mock("../../authors/test/run.ts", () => ({ runTests }));

afterEach(() => void vi.clearAllMocks());

it.each([
  [true, 0],
  [false, 1],
])("tljh plugin test ends as the tests do: passed %s, exit code %d", async (passed, code) => {
  runTests.mockResolvedValue(passed);
  expect(await run(["plugin", "test"])).toBe(code);
});

it.each([
  [[], ".", []],
  [["./stars"], "./stars", []],
  [["./stars", "--", "-k", "limit"], "./stars", ["-k", "limit"]],
  [["--", "-k", "limit"], ".", ["-k", "limit"]],
])("tljh plugin test %j tells the folder from what is for the runner", async (argv, ...given) => {
  runTests.mockResolvedValue(true);
  await run(["plugin", "test", ...argv]);
  expect(runTests).toHaveBeenCalledWith(...given, expect.anything());
});
