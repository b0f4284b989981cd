import { expect, test } from "vitest";
import type { OperationName } from "../../test/support/faults/operations.ts";
import { chosen, expectTidy, makeScene } from "../../test/support/faults/scene.ts";

const SEED = 20261125;

/** How many points each operation is killed at. */
const POINTS: Readonly<Record<OperationName, number>> = {
  install: 50,
  upgrade: 60,
  rollback: 40,
  repair: 50,
  garbage: 40,
};

test.each(Object.entries(POINTS) as [OperationName, number][])(
  "%s, killed at any of %d points: the live environment is whole, and the next run restores or finishes",
  async (operation, points) => {
    const scene = await makeScene(operation);
    // Garbage is beside the live environment.
    expect(scene.after === scene.before).toBe(operation === "garbage");
    const killedAt = chosen(SEED, scene.steps, points);
    expect(killedAt).toHaveLength(points);
    for (const at of killedAt) {
      scene.reset();
      expect(scene.disturbed({ how: "kill", at }).signal, `at step ${at}`).toBe("SIGKILL");
      expect([scene.before, scene.after], `at step ${at}`).toContain(scene.live());
      await scene.run();
      expect(scene.live(), `after step ${at}`).toBe(scene.after);
      expectTidy(scene);
    }
  },
  600_000,
);
