import { expect, test } from "vitest";
import { checkEnvironment } from "./check.ts";
import { type Answers, environments, failedImport, kindOf, writeRecord } from "./fixtures.ts";

/** Checks an environment beside the one in use, if there is one. */
function checked(answers: Answers, live?: Answers, environment: "hub" | "user" = "user") {
  const { staged, trial } = environments(answers, live);
  return checkEnvironment(staged, environment, [], () => trial);
}

test("an environment is tried before it goes live: it imports, its requirements are met, and the user's one starts a server", async () => {
  const { staged, trial, started } = environments({});
  await checkEnvironment(staged, "user", [], () => trial);
  expect(started.map(kindOf).sort()).toEqual(["import", "jupyterhub-singleuser", "pip"]);
  const modules = started.find((argv) => kindOf(argv) === "import")?.slice(-2);
  expect(modules).toEqual(["jupyterlab", "ipykernel"]);
  expect(started.every(([program]) => program?.startsWith(`${staged.prefix}/bin/`))).toBe(true);
});

test("the hub's starts no server", async () => {
  const { staged, trial, started } = environments({});
  await checkEnvironment(staged, "hub", [], () => trial);
  expect(started.map(kindOf).sort()).toEqual(["import", "pip"]);
});

test("what somebody asked for is imported too", async () => {
  const { staged, trial, started } = environments({});
  const { directory } = staged;
  writeRecord(directory, { name: "python", version: "3.13.1" });
  const files = ["lib/python3.13/site-packages/iris.py"];
  writeRecord(directory, { name: "iris", version: "1", files, requested_spec: "iris" });
  await checkEnvironment(staged, "user", [], () => trial);
  expect(started.find((argv) => kindOf(argv) === "import")?.at(-1)).toBe("iris");
});

test("a server that does not start is told with its last words, and where the environment is kept", async () => {
  const output = "Traceback\nModuleNotFoundError: No module named 'attr'\n";
  await expect(checked({ "jupyterhub-singleuser": { exitCode: 1, output } })).rejects.toMatchObject(
    {
      code: "INSTALL_CHECK_FAILED",
      message: expect.stringMatching(
        /changed user environment.*\/user\.failed-1\n(.|\n)*No module named 'attr'$/,
      ),
    },
  );
});

test("what cannot be imported and could before is an error that says why", async () => {
  const broken = failedImport("iris", "ImportError: libudunits2.so.0");
  await expect(checked(broken, {})).rejects.toMatchObject({
    code: "ENVIRONMENT_IMPORT_FAILED",
    message: expect.stringMatching(/user\.failed-1\nimport iris: ImportError: libudunits2\.so\.0$/),
  });
});

test("what could not be imported before either is no reason to refuse", async () => {
  const broken = failedImport("iris", "ImportError: libudunits2.so.0");
  await checked(broken, broken);
});

const refused = { code: "ENVIRONMENT_IMPORT_FAILED" };

test("a module that is new must work", async () => {
  const broken = failedImport("iris", "ImportError: x");
  const absent = failedImport("iris", "ModuleNotFoundError: No module named 'iris'");
  await expect(checked(broken, absent)).rejects.toMatchObject(refused);
  await expect(checked(broken)).rejects.toMatchObject(refused);
});

test("a module that every environment needs must always work", async () => {
  const broken = failedImport("jupyterlab", "ImportError: x");
  await expect(checked(broken, broken)).rejects.toMatchObject(refused);
});

const complaint = (name: string): Answers => ({
  pip: { exitCode: 1, stdout: `${name} 1.0 requires numpy, which is not installed.\n` },
});

test("requirements that are unmet now and were not before are an error that names them", async () => {
  await expect(checked(complaint("iris"), complaint("dask"))).rejects.toMatchObject({
    code: "ENVIRONMENT_REQUIREMENTS_UNMET",
    message: expect.stringMatching(/\niris 1\.0 requires numpy, which is not installed\.$/),
  });
});

test("requirements that were unmet before, or that a first installation has, are not", async () => {
  await checked(complaint("iris"), complaint("iris"));
  await checked(complaint("iris"));
});
