import { expect, test } from "vitest";
import { moduleOf } from "./modules.ts";

test.each<[string, readonly string[], string | undefined]>([
  ["xarray", ["xarray/__init__.py", "xarray/core/x.py", "xarray-1.dist-info/METADATA"], "xarray"],
  ["PyYAML", ["yaml/__init__.py", "_yaml/__init__.py"], "yaml"],
  ["python-dateutil", ["dateutil/__init__.py", "other.py"], "dateutil"],
  ["ruamel.yaml", ["ruamel_yaml.py", "more.py"], "ruamel_yaml"],
  ["scikit-learn", ["sklearn/__init__.py", "tests/__init__.py"], "sklearn"],
  ["six", ["six.py"], "six"],
  ["numpy", ["numpy/__init__.py", "numpy.libs/x.so"], "numpy"],
  ["fast", ["fast.cpython-313-x86_64-linux-gnu.so"], "fast"],
  ["stable", ["stable.abi3.so", "helper.py"], "stable"],
  ["matplotlib", ["matplotlib/__init__.py", "pylab.py"], "matplotlib"],
  ["google-cloud", ["google/cloud/storage/__init__.py"], undefined],
  ["two", ["a/__init__.py", "b/__init__.py"], undefined],
  ["r-base", [], undefined],
])("%s with %j is imported as %s", (name, files, module) => {
  expect(moduleOf({ name, files })).toBe(module);
});

test("a package that is used where its author works on it is imported as its top_level.txt says", () => {
  const files = ["__editable___stars_1_finder.py", "__editable__.stars-1.pth"];
  expect(moduleOf({ name: "my-stars", files, topLevel: ["stars", ""] })).toBe("stars");
  expect(moduleOf({ name: "x", files: [], topLevel: ["--version", "a b"] })).toBeUndefined();
});
