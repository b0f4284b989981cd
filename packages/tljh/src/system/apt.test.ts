import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { installAptPackages, installedAptPackages } from "./apt.ts";

/** Puts a program of this name first on the PATH; gives back the file that it can write to. */
function program(name: string, script: string): string {
  const folder = mkdtempSync(join(tmpdir(), "tljh-apt-"));
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  vi.stubEnv("SAID", join(folder, "said"));
  return join(folder, "said");
}

afterEach(() => vi.unstubAllEnvs());

test("packages are installed after the lists are brought up to date, and nothing is removed", async () => {
  const said = program("apt-get", 'echo "$@ ($DEBIAN_FRONTEND)" >> "$SAID"; echo a line');
  const lines: string[] = [];
  await installAptPackages(["graphviz", "tree"], (line) => lines.push(line));
  const [update, install] = readFileSync(said, "utf8").split("\n");
  expect(update).toMatch(/ update --yes \(noninteractive\)$/);
  expect(install).toMatch(/ install --yes --no-remove -- graphviz tree \(noninteractive\)$/);
  expect(lines).toEqual(["a line", "a line"]);
});

test("what apt cannot install is named, with what apt said", async () => {
  program("apt-get", "echo E: Unable to locate package no-such >&2; exit 100");
  await expect(installAptPackages(["no-such"], () => {})).rejects.toMatchObject({
    code: "INSTALL_APT_FAILED",
    message: expect.stringMatching(/^apt could not install no-such:\n.*Unable to locate/s),
  });
});

test("lists that could not be brought up to date do not matter when the packages are there", async () => {
  program("apt-get", 'case "$*" in *update*) exit 100;; esac');
  await expect(installAptPackages(["tree"], () => {})).resolves.toBeUndefined();
});

test("only what is wholly installed counts as installed", async () => {
  program("dpkg-query", "echo installed tree; echo config-files graphviz; exit 1");
  expect(await installedAptPackages(["tree", "graphviz", "x"])).toEqual(new Set(["tree"]));
});
