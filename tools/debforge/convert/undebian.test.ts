import { expect, test } from "vitest";
import { withoutDebianOptions } from "./undebian.ts";

const LINE = "        self.set_undefined_options('install',('install_layout','install_layout'))\n";
const entry = (path: string) => ({ path, mode: 0o644, data: Buffer.from(`x\n${LINE}y\n`) });

test("setuptools no longer asks for an option that only Debian's Python has", () => {
  const path = "/usr/lib/python3/dist-packages/setuptools/command/install_lib.py";
  expect(withoutDebianOptions(entry(path)).data.toString()).toBe("x\n        pass\ny\n");
});

test("nothing else is touched", () => {
  const other = entry("/usr/lib/python3/dist-packages/other/command/install_lib.py");
  expect(withoutDebianOptions(other)).toBe(other);
});
