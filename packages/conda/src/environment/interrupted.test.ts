import { expect, test } from "vitest";
import type { OperationName } from "../../test/support/faults/operations.ts";
import { chosen, expectTidy, makeScene, type Scene } from "../../test/support/faults/scene.ts";

const SEED = 20261125;

/** How many points each operation is killed at. */
const POINTS: Readonly<Record<OperationName, number>> = {
  install: 40,
  upgrade: 60,
  rollback: 40,
  repair: 40,
  garbage: 40,
};
/** At how many of them by a signal. At the others everything is kept as it is when a signal would come. */
const SIGNALS = 4;

const operations = Object.entries(POINTS) as [OperationName, number][];

test.each(operations)(
  "%s, killed at any of %d points: the live environment is whole, and the next run restores or finishes",
  async (operation, points) => {
    const scene = await makeScene(operation);
    // Garbage is beside the live environment.
    expect(scene.after === scene.before).toBe(operation === "garbage");
    const killedAt = chosen(SEED, scene.steps, points);
    expect(killedAt).toHaveLength(points);
    await scene.watch(killedAt);
    for (const at of killedAt) {
      scene.resetTo(at);
      await expectRecovery(scene, at);
    }
    for (const at of chosen(SEED + 1, scene.steps, SIGNALS)) {
      scene.reset();
      await scene.killedAt(at);
      await expectRecovery(scene, at);
    }
  },
  600_000,
);

async function expectRecovery(scene: Scene, at: number): Promise<void> {
  expect([scene.before, scene.after], `at step ${at}`).toContain(scene.live());
  await scene.run();
  expect(scene.live(), `after step ${at}`).toBe(scene.after);
  expectTidy(scene);
}

test("what is kept of a step is what a process leaves that is killed there", async () => {
  const scene = await makeScene("upgrade");
  const points = chosen(SEED, scene.steps, 5);
  await scene.watch(points);
  for (const at of points) {
    scene.resetTo(at);
    const [kept, live] = [scene.files(), scene.live()];
    scene.reset();
    await scene.killedAt(at);
    expect(scene.files(), `at step ${at}`).toEqual(kept);
    expect(scene.live(), `at step ${at}`).toBe(live);
  }
}, 600_000);
