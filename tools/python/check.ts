import { access } from "node:fs/promises";
import { execa } from "execa";

/** Debian's own Python: what is tested must not depend on whichever python3 is first on the PATH. */
const python = "/usr/bin/python3";

const checks: readonly (readonly string[])[] = [
  ["-m", "mypy", "--config-file", "python/tljh/pyproject.toml", "python/tljh/src"],
  ["-m", "pytest", "-q", "-p", "no:cacheprovider", "python/tljh/tests"],
];

try {
  await access("/usr/lib/python3/dist-packages/pytest");
  for (const args of checks) {
    const { exitCode } = await execa(python, args, {
      stdio: "inherit",
      reject: false,
      env: { PYTHONDONTWRITEBYTECODE: "1" },
    });
    if (exitCode !== 0) process.exit(exitCode ?? 1);
  }
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  console.error("python3-pytest is missing: apt-get install python3-pytest mypy python3-pluggy");
  process.exit(1);
}
