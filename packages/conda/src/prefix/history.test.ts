import fc from "fast-check";
import { expect, test } from "vitest";
import { historyDate, parseHistory, requestedSpecs, revisionText, specName } from "./history.ts";

const CONDA = `==> 2024-05-01 10:00:00 <==
# cmd: /opt/conda/bin/conda create -n x python=3.12 numpy
# conda version: 24.4.0
+conda-forge/linux-64::python-3.12.3-hab00c5b_0_cpython
+conda-forge/linux-64::numpy-1.26.4-py312_0
# update specs: ['python=3.12', "numpy[version='>=1.26']"]
==> 2024-05-02 10:00:00 <==
# cmd: conda remove numpy
# conda version: 24.4.0
-conda-forge/linux-64::numpy-1.26.4-py312_0
# remove specs: ['numpy']
==> 2024-05-03 10:00:00 <==
# cmd: mamba install xarray
# update specs: ["xarray", "conda-forge::dask>=2024"]
`;

test("what was asked for is read back, over all revisions", () => {
  const specs = requestedSpecs(parseHistory(CONDA), new Set(["python", "numpy", "xarray", "dask"]));
  expect([...specs]).toEqual([
    ["python", "python=3.12"],
    ["xarray", "xarray"],
    ["dask", "conda-forge::dask>=2024"],
  ]);
});

test("what is no longer installed is not asked for", () => {
  expect([...requestedSpecs(parseHistory(CONDA), new Set(["xarray"])).keys()]).toEqual(["xarray"]);
});

test("specs of very old condas are read too", () => {
  const text = "==> 2016-01-01 00:00:00 <==\n# install specs: numpy 1.10*,scipy >=0.1,<1\n";
  expect(parseHistory(text)[0]?.updateSpecs).toEqual(["numpy 1.10*", "scipy >=0.1,<1"]);
});

test("a name is found in every way to write a spec", () => {
  const specs = ["NumPy", "numpy=1", "numpy >=1,<2", "c/linux-64::numpy[build=x]", "c::numpy==1"];
  expect(new Set(specs.map(specName))).toEqual(new Set(["numpy"]));
});

test("a revision is written as conda writes it", () => {
  const text = revisionText({
    date: historyDate(new Date(2026, 10, 3, 7, 5, 9)),
    command: "tljh apply",
    added: ["conda-forge/noarch::b-1-0", "conda-forge/linux-64::a-1-0"],
    removed: ["conda-forge/linux-64::a-0-0"],
    updateSpecs: ["a", "b[version='>=1']"],
    removeSpecs: [],
  });
  expect(text).toBe(`==> 2026-11-03 07:05:09 <==
# cmd: tljh apply
# conda version: 4.6.0
-conda-forge/linux-64::a-0-0
+conda-forge/linux-64::a-1-0
+conda-forge/noarch::b-1-0
# update specs: ['a', "b[version='>=1']"]
`);
});

test("whatever specs are written are read back", () => {
  const spec = fc.string({ minLength: 1 }).filter((text) => !/[\r\n]/.test(text));
  fc.assert(
    fc.property(fc.array(spec), (updateSpecs) => {
      const text = revisionText({
        date: "x",
        added: [],
        removed: [],
        updateSpecs,
        removeSpecs: [],
      });
      expect(parseHistory(text)[0]?.updateSpecs).toEqual(updateSpecs);
    }),
  );
});
