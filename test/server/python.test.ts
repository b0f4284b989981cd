import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { type ServerUnderTest, serverForTests } from "../support/index.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDER = "/root/project";
const PYTHON = "/root/hub/bin/python";

let under: ServerUnderTest;

beforeAll(async () => {
  under = await serverForTests();
  for (const folder of ["python/tljh", "examples/plugins/tljh-simplest"])
    await under.server.copyIn(join(PROJECT, folder), join(FOLDER, folder));
  // The tests bring plugins of their own, so the installed one must not be found.
  await under.server.must(["cp", "-al", "/opt/tljh/hub", "/root/hub"]);
  const pip = [PYTHON, "-m", "pip", "--quiet"];
  await under.server.must([
    ...pip,
    "uninstall",
    "--yes",
    "--root-user-action=ignore",
    "tljh-simplest",
  ]);
  const install = ["install", "--target", "/root/pytest", "--no-deps", "pytest", "iniconfig"];
  await under.server.must([...pip, ...install]);
  const app = "/opt/tljh/app";
  const proxy = `${app}/node_modules/configurable-http-proxy/bin/configurable-http-proxy`;
  const script = `#!/bin/sh\nexec ${app}/bin/node ${proxy} "$@"\n`;
  await under.server.writeFile("/root/proxy/configurable-http-proxy", script, "0755");
});

test("what runs inside JupyterHub passes its tests in a real hub environment, none left out", async () => {
  const result = await under.server.run([PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider"], {
    cwd: `${FOLDER}/python/tljh`,
    env: {
      PATH: "/root/proxy:/opt/tljh/hub/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      PYTHONPATH: "/root/pytest",
      PYTHONDONTWRITEBYTECODE: "1",
    },
  });
  expect(result.stdout).toMatch(/^\d+ passed in /m);
  expect(result.exitCode).toBe(0);
});
