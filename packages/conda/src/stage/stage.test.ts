import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../test/support/environment.ts";
import type { NewGeneration } from "../generations/generation.ts";
import type { PrefixRecord } from "../types.ts";
import { cloneTree } from "./clone.ts";
import { editedFiles } from "./edited.ts";
import { exchangeInTwoSteps } from "./exchange.ts";
import { recoverPrefix } from "./keep.ts";
import { runInPlace } from "./run.ts";
import { stagePrefix } from "./stage.ts";

const CHANGE: NewGeneration = { kind: "change", changes: [], inventory: { conda: {}, pip: {} } };

function livePrefix(): { root: string; prefix: string; snapshotsDir: string } {
  const root = temporaryDirectory();
  const prefix = join(root, "env");
  mkdirSync(join(prefix, "lib"), { recursive: true });
  writeFileSync(join(prefix, "lib/a"), "live");
  return { root, prefix, snapshotsDir: join(root, "snapshots") };
}

test("a clone shares files, has folders of its own, and keeps modes, links and times", () => {
  const { root, prefix } = livePrefix();
  mkdirSync(join(prefix, "private"), { mode: 0o700 });
  symlinkSync("lib", join(prefix, "lib64"));
  cloneTree(prefix, join(root, "clone"), { isEdited: (path) => path === "private/x" });
  expect(statSync(join(root, "clone/lib/a")).ino).toBe(statSync(join(prefix, "lib/a")).ino);
  expect(statSync(join(root, "clone/private")).mode & 0o777).toBe(0o700);
  expect(statSync(join(root, "clone/lib64/a")).isFile()).toBe(true);
  expect(statSync(join(root, "clone/lib")).mtimeMs).toBeCloseTo(
    statSync(join(prefix, "lib")).mtimeMs,
    -1,
  );
});

test("settings, paths files and whatever stands outside of lib is not shared", () => {
  const packaged: Partial<PrefixRecord> = { files: ["share/packaged", "etc/packaged"] };
  const isEdited = editedFiles([packaged as PrefixRecord]);
  const edited = ["etc/packaged", "share/mine", "conda-meta/history", "lib/site-packages/x.pth"];
  const shared = ["share/packaged", "conda-meta/a-1-0.json", "lib/site-packages/x.py"];
  expect(edited.filter(isEdited)).toEqual(edited);
  expect(shared.filter(isEdited)).toEqual([]);
});

test("a commit exchanges the two in place and keeps the previous one", async () => {
  const live = livePrefix();
  const staged = await stagePrefix({ ...live, installed: [] });
  writeFileSync(join(staged.directory, "new"), "");
  expect(existsSync(join(live.prefix, "new"))).toBe(false);
  const { snapshot } = await staged.commit(CHANGE);
  expect(existsSync(join(live.prefix, "new"))).toBe(true);
  expect(readdirSync(snapshot ?? "")).toEqual(["lib"]);
});

test("a package cache inside the environment moves with it", async () => {
  const live = livePrefix();
  mkdirSync(join(live.prefix, "pkgs"));
  const staged = await stagePrefix({ ...live, installed: [] });
  expect(existsSync(join(staged.directory, "pkgs"))).toBe(false);
  await staged.commit(CHANGE);
  expect(existsSync(join(live.prefix, "pkgs"))).toBe(true);
});

test("a discarded one leaves nothing, not even the folder it was mounted on", async () => {
  const root = temporaryDirectory();
  const prefix = join(root, "env");
  const staged = await stagePrefix({ prefix, installed: [], snapshotsDir: join(root, "s") });
  await staged.run(["true"]);
  await staged.discard();
  expect(readdirSync(root)).toEqual([".env.lock"]);
});

test("an exchange that cannot be is an error, and the live one is as it was", async () => {
  const live = livePrefix();
  const staged = await stagePrefix({ ...live, installed: [] });
  renameSync(staged.directory, `${staged.directory}-elsewhere`);
  await expect(staged.commit(CHANGE)).rejects.toMatchObject({
    code: "CONDA_EXCHANGE_FAILED",
    message: expect.stringContaining(live.prefix),
  });
  expect(readFileSync(join(live.prefix, "lib/a"), "utf8")).toBe("live");
  await staged.discard();
});

test("a failed command is an error with its output", async () => {
  const staged = await stagePrefix({ ...livePrefix(), installed: [] });
  await expect(staged.run(["/bin/sh", "-c", "echo why; exit 4"])).rejects.toMatchObject({
    code: "CONDA_COMMAND_FAILED",
    message: expect.stringMatching(/exit status 4:\nwhy/),
  });
  await staged.discard();
});

test("where mounts are forbidden a script still finds its interpreter, and paths are moved", async () => {
  const live = livePrefix();
  const place = { directory: join(live.root, "staged"), prefix: live.prefix };
  mkdirSync(join(place.directory, "bin"), { recursive: true });
  symlinkSync("/bin/sh", join(place.directory, "bin/sh"));
  const script = `#!${live.prefix}/bin/sh\necho "$0 $1 $CONDA_PREFIX"\n`;
  writeFileSync(join(place.directory, "bin/tool"), script);
  const argv = [join(live.prefix, "bin/tool"), join(live.prefix, "x")];
  const { stdout } = await runInPlace(place, false, argv, {});
  const at = place.directory;
  expect(stdout).toBe(`${at}/bin/tool ${at}/x ${at}\n`);
});

test("a command that is not there is an error that names it", async () => {
  const live = livePrefix();
  const place = { directory: live.prefix, prefix: live.prefix };
  await expect(runInPlace(place, false, ["/no/such"], {})).rejects.toMatchObject({
    code: "CONDA_COMMAND_MISSING",
    message: expect.stringContaining("/no/such"),
  });
});

test("an exchange in two steps does as the one in one", () => {
  const live = livePrefix();
  const staged = join(live.root, "env.staged-1");
  mkdirSync(staged);
  exchangeInTwoSteps(staged, live.prefix);
  expect(readdirSync(live.prefix)).toEqual([]);
  expect(readdirSync(staged)).toEqual(["lib"]);
});

test("a kill between the two steps is mended", () => {
  const live = livePrefix();
  const previous = join(live.root, "env.staged-1.previous");
  writeFileSync(join(live.root, ".env.exchange.json"), JSON.stringify({ previous }));
  renameSync(live.prefix, previous);
  mkdirSync(join(live.root, "env.staged-1"));
  recoverPrefix(live);
  expect(readFileSync(join(live.prefix, "lib/a"), "utf8")).toBe("live");
  expect(readdirSync(live.root)).toEqual(["env"]);
});
