import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stagePrefix } from "@tljh/conda";
import { expect, onTestFinished, test, vi } from "vitest";
import { write } from "./fixtures.ts";
import { startTrial, TRIAL_SECONDS, type Trial } from "./trial.ts";

const TELL = '#!/bin/sh\necho "$(id -u) $PWD $0"\nenv\ntouch "$HOME/mine"\n';

/** A changed environment with a program that tells how it was started, and one in use with the same. */
async function tried(mode = 0o755): Promise<{ readonly trial: Trial; readonly prefix: string }> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "tljh-trial-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  chmodSync(root, mode);
  const prefix = join(root, "user");
  write(join(prefix, "bin/tell"), TELL, 0o755);
  const staged = await stagePrefix({ prefix, installed: [], snapshotsDir: join(root, "old") });
  onTestFinished(() => staged.discard());
  return { trial: startTrial(staged), prefix };
}

const isRoot = process.geteuid?.() === 0;
const openUser = isRoot ? "65534" : String(process.geteuid?.());

test("a program runs as nobody, at the environment's final path, with a home of its own and no secret of ours", async () => {
  vi.stubEnv("A_TOKEN", "secret");
  const { trial, prefix } = await tried();
  for (const where of ["run", "runLive"] as const) {
    const { exitCode, stdout } = await trial[where]([`${prefix}/bin/tell`]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${openUser} / .*/bin/tell\n`));
    expect(stdout).toMatch(/^HOME=.*\/tljh-check-/m);
    expect(stdout).not.toContain("secret");
  }
  trial[Symbol.dispose]();
});

test("where a folder above is closed to others it runs as who we are", async () => {
  const { trial, prefix } = await tried(0o700);
  const { stdout } = await trial.run([`${prefix}/bin/tell`]);
  expect(stdout).toMatch(new RegExp(`^${process.geteuid?.()} `));
  trial[Symbol.dispose]();
});

test("a program that takes too long is ended, which is told", async () => {
  const given: (readonly string[] | undefined)[] = [];
  const place = {
    prefix: "/user",
    run: async (_: readonly string[], options?: { readonly under?: readonly string[] }) => {
      given.push(options?.under?.slice(0, 3));
      return { exitCode: 124, stdout: "", output: "" };
    },
  };
  using trial = startTrial(place);
  expect(await trial.run(["sleep"])).toMatchObject({
    ended: `it was ended: ${TRIAL_SECONDS} seconds are its limit`,
  });
  expect(given).toEqual([["/usr/bin/timeout", "--kill-after=5", String(TRIAL_SECONDS)]]);
});
