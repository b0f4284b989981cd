import { pluginTestsMissing } from "../../errors/plugin-authors.ts";
import { findFiles } from "./find.ts";
import type { TestProgram } from "./run.ts";

/** What Node's own test runner takes for tests. */
const TESTS = [
  "**/*{.,-,_}test.{ts,mts,cts,js,mjs,cjs}",
  "**/test{,-*}.{ts,mts,cts,js,mjs,cjs}",
  "**/test/**/*.{ts,mts,cts,js,mjs,cjs}",
];

/** Has `tljh/hooks` and `tljh/testing` mean this program's in the tests, too. */
const preload = import.meta.url.endsWith(".ts")
  ? new URL("../../plugins/preload.ts", import.meta.url)
  : new URL("./preload.js", import.meta.url);

/** Node's test runner, by the Node that this program runs with. */
export async function typescriptTests(
  folder: string,
  args: readonly string[],
): Promise<TestProgram> {
  if (!(await findFiles(folder, TESTS))) throw pluginTestsMissing(folder, "*.test.ts");
  const node = ["--disable-warning=ExperimentalWarning", "--import", preload.href, "--test"];
  return { file: process.execPath, args: [...node, ...args], cwd: folder, env: {} };
}
