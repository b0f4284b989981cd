import { expect, test } from "vitest";
import { prefixPath } from "./layout.ts";

test.each([
  ["/usr/lib/python3/dist-packages/tqdm/std.py", "lib/python3.13/site-packages/tqdm/std.py"],
  ["/usr/lib/x86_64-linux-gnu/blas/libblas.so.3", "lib/libblas.so.3"],
  ["/usr/lib/x86_64-linux-gnu/libz.so.1", "lib/libz.so.1"],
  ["/usr/bin/python3.13", "bin/python3.13"],
  ["/etc/jupyter/jupyter_config.json", "etc/jupyter/jupyter_config.json"],
])("%s becomes %s", (debian, conda) => {
  expect(prefixPath(debian)).toBe(conda);
});

test.each([
  "/usr/share/doc/hello/copyright",
  "/usr/lib/python3.13/EXTERNALLY-MANAGED",
  "/usr/lib/python3.13/sitecustomize.py",
  "/usr/lib/systemd/system/jupyterhub.service",
  "/etc/python3.13/sitecustomize.py",
])("%s has no place in an environment", (path) => {
  expect(prefixPath(path)).toBeUndefined();
});
