import { expect, test } from "vitest";
import { checkRequirements, type Machine, requirements } from "./requirements.ts";

const complete: Machine = { platform: "linux", uid: 0, has: () => true, hasFile: () => true };

test("a complete machine lacks nothing", () => {
  expect(requirements(complete)).toEqual([]);
});

test("everything that is missing is said at once, with what to type", () => {
  const has = (program: string): boolean => program !== "systemd-nspawn";
  const check = (): void => checkRequirements({ ...complete, uid: 1000, has });
  expect(check).toThrow(/root is missing: start again with sudo/);
  expect(check).toThrow(/systemd-nspawn is missing: apt-get install systemd-container/);
});

test("without apt it does not ask for Debian's packages to be installed by it alone", () => {
  const missing = requirements({ ...complete, has: (program) => program !== "apt-get" });
  expect(missing).toEqual([{ what: "apt", remedy: expect.stringContaining("Debian") }]);
});

test("another system than Linux is the only thing said", () => {
  const missing = requirements({ ...complete, platform: "darwin", uid: 501, has: () => false });
  expect(missing.map(({ what }) => what)).toEqual(["Linux"]);
});
