import { expect, test, vi } from "vitest";
import { readUmask } from "./umask.ts";

test("the umask is read, and never set to anything meanwhile", () => {
  const expected = process.umask();
  const spy = vi.spyOn(process, "umask");
  expect(readUmask()).toBe(expected);
  expect(spy).not.toHaveBeenCalled();
  spy.mockRestore();
});

test("a system that does not tell it is taken to forbid everything", () => {
  expect(readUmask("/none")).toBe(0o777);
  expect(readUmask("/proc/self/comm")).toBe(0o777);
});
