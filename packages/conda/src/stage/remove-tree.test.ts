import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { temporaryDirectory } from "../../test/support/environment.ts";
import { removeTreeLater } from "./remove-tree.ts";

test("a tree that is removed later is gone after a while, and nothing beside it", async () => {
  const root = temporaryDirectory();
  mkdirSync(join(root, "-tree/lib"), { recursive: true });
  writeFileSync(join(root, "-tree/lib/a"), "");
  writeFileSync(join(root, "kept"), "");
  removeTreeLater(join(root, "-tree"));
  await vi.waitUntil(() => !existsSync(join(root, "-tree")), { timeout: 15_000 });
  expect(existsSync(join(root, "kept"))).toBe(true);
});
