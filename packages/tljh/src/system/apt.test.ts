import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import {
  installAptPackages,
  installedAptPackages,
  removeAptPackages,
  simulateAptRemoval,
} from "./apt.ts";

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

test("only what is wholly installed counts as installed, in the version that is asked for", async () => {
  const lines = [
    "installed tree amd64 2.1-1",
    "config-files graphviz amd64 1",
    "installed sl all 5",
  ];
  program("dpkg-query", `${lines.map((line) => `echo "${line}"`).join("; ")}; exit 1`);
  const wanted = [
    "tree",
    "graphviz",
    "x",
    "tree=2.1-1",
    "tree=3",
    "tree:amd64",
    "sl/stable",
    "sl:i386",
  ];
  expect([...(await installedAptPackages(wanted))]).toEqual([
    "tree",
    "tree=2.1-1",
    "tree:amd64",
    "sl/stable",
  ]);
});

const SIMULATED = `echo "NOTE: This is only a simulation!"
echo "Remv figlet [2.2]"
echo "Remv toilet [1.0] [figlet:amd64 ]"`;

test("what would go with a package is known before anything is done", async () => {
  const said = program("apt-get", `echo "$@" >> "$SAID"; ${SIMULATED}`);
  expect(await simulateAptRemoval(["figlet"])).toEqual(["figlet", "toilet"]);
  expect(readFileSync(said, "utf8")).toMatch(/ --simulate remove -- figlet\n$/);
});

test("packages are taken out, unless others would go with them", async () => {
  const said = program("apt-get", `echo "$@" >> "$SAID"; ${SIMULATED}`);
  await removeAptPackages(["figlet", "toilet"], () => {});
  expect(readFileSync(said, "utf8").split("\n")[1]).toMatch(/ remove --yes -- figlet toilet$/);
  await expect(removeAptPackages(["figlet"], () => {})).rejects.toMatchObject({
    code: "INSTALL_APT_REMOVAL_FAILED",
    message: "apt could not take out figlet:\napt would take out toilet too",
  });
  expect(readFileSync(said, "utf8").split("\n")).toHaveLength(4);
});

test("what apt cannot take out is named, with what apt said", async () => {
  program("apt-get", "echo E: dpkg was interrupted >&2; exit 100");
  await expect(simulateAptRemoval(["sl"])).rejects.toMatchObject({
    code: "INSTALL_APT_REMOVAL_FAILED",
    message: "apt could not take out sl:\nE: dpkg was interrupted",
  });
});
