import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type OperationName, operations } from "../../test/support/faults/operations.ts";
import { chosen, expectTidy, makeScene, type Scene } from "../../test/support/faults/scene.ts";

const SEED = 20261126;
const POINTS = 15;
/** Where what is left to do is no more than to tell of it. */
const LAST = 8;

test.each(Object.keys(operations) as OperationName[])(
  "%s, on a disk that is full from any point on: the live environment is whole, the error explained, and it is done once there is room",
  async (operation) => {
    const scene = await makeScene(operation);
    const last = Array.from({ length: LAST }, (_, place) => scene.steps - place);
    const points = new Set([...chosen(SEED, scene.steps - LAST, POINTS), ...last]);
    for (const at of points) {
      scene.reset();
      const { error } = await scene.onFullDisk(at);
      if (error === undefined) expect(scene.live()).toBe(scene.after);
      else expect(error, `at step ${at}`).toMatch(/^CONDA_/);
      expect([scene.before, scene.after], `at step ${at}`).toContain(scene.live());
      await scene.run();
      expect(scene.live(), `after step ${at}`).toBe(scene.after);
      expectTidy(scene);
    }
  },
  300_000,
);

test("an environment that went live when the disk became full is told to be in use, and finished later", async () => {
  const scene = await makeScene("upgrade");
  const full = (at: number) => {
    scene.reset();
    return scene.onFullDisk(at);
  };
  const at = await firstFrom(scene.steps, async (step) => (await full(step)).error === undefined);
  expect((await full(at)).warnings).toContain("CONDA_FINISHED_LATER");
  expect(scene.live()).toBe(scene.after);
  await scene.run();
  expectTidy(scene);
}, 300_000);

/** The first step from which on something is so, by halving: it is so at the last. */
async function firstFrom(last: number, isSo: (step: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [1, last];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (await isSo(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

test("on a small disk that is really full, the same", async () => {
  const { disk, isSmall } = smallDisk();
  const scene = await makeScene("upgrade", disk);
  scene.reset();
  const filling = isSmall ? fill(disk) : undefined;
  const failure = isSmall ? await scene.run().catch(codeOf) : await halfway(scene);
  expect(failure).toMatch(/^CONDA_/);
  expect(scene.live()).toBe(scene.before);
  if (filling !== undefined) rmSync(filling);
  await scene.run();
  expect(scene.live()).toBe(scene.after);
  expectTidy(scene);
}, 300_000);

const codeOf = (error: unknown) => (error as { code?: string }).code;

/** As if it were full. */
async function halfway(scene: Scene): Promise<string | undefined> {
  return (await scene.onFullDisk(scene.steps >> 1)).error;
}

/** A disk of its own; a folder where mounts are forbidden. */
function smallDisk(): { readonly disk: string; readonly isSmall: boolean } {
  const disk = mkdtempSync(join(tmpdir(), "conda-disk-"));
  const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=32m", "tmpfs", disk]);
  const isSmall = mount.status === 0;
  onTestFinished(() => {
    if (isSmall) spawnSync("umount", [disk]);
    rmSync(disk, { recursive: true, force: true });
  });
  return { disk, isSmall };
}

/** Leaves room for a file or two. */
function fill(disk: string): string {
  const file = join(disk, "filling");
  const descriptor = openSync(file, "w");
  const block = Buffer.alloc(4096);
  let written = 0;
  try {
    for (; written < 64 << 20; written += writeSync(descriptor, block));
  } catch (error) {
    expect(error).toMatchObject({ code: "ENOSPC" });
  }
  ftruncateSync(descriptor, written - 2 * block.length);
  closeSync(descriptor);
  return file;
}
