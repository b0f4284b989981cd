import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseHistory } from "@tljh/conda";
import { expect, it } from "vitest";
import { askedByHand, releasedNames } from "./conda-requests.ts";

const HISTORY = `==> 2026-01-01 10:00:00 <==
# cmd: tljh apply
# update specs: ['jupyterlab', 'xarray', 'dask', 'numpy>=2']
==> 2026-01-02 10:00:00 <==
# cmd: /opt/tljh/user/bin/conda install dask geopandas
# update specs: ['dask', 'geopandas']
==> 2026-01-03 10:00:00 <==
# cmd: tljh apply
# update specs: ['jupyterlab', 'xarray', 'dask', 'numpy>=2']
`;

/** An environment in which these are installed. */
function environment(history: string, ...names: readonly string[]): string {
  const prefix = mkdtempSync(join(tmpdir(), "tljh-requests-"));
  mkdirSync(join(prefix, "conda-meta"));
  writeFileSync(join(prefix, "conda-meta", "history"), history);
  for (const name of names) {
    const record = { name, version: "1", build: "0", build_number: 0, depends: [] };
    writeFileSync(join(prefix, "conda-meta", `${name}-1-0.json`), JSON.stringify(record));
  }
  return prefix;
}

it("knows what an admin asked for between two changes of ours", () => {
  expect([...askedByHand(parseHistory(HISTORY))]).toEqual(["dask", "geopandas"]);
});

it("takes a request back with the package that an admin has removed", () => {
  const removed =
    "==> 2026-01-04 10:00:00 <==\n# cmd: conda remove dask\n# remove specs: ['dask']\n";
  expect([...askedByHand(parseHistory(HISTORY + removed))]).toEqual(["geopandas"]);
});

it("releases what plugins alone asked for", () => {
  const prefix = environment(HISTORY, "jupyterlab", "xarray", "dask", "numpy");
  const own = { required: ["jupyterlab"], optional: [], imports: [] };
  const once = ["xarray >=2024", "dask", "conda-forge::numpy", "jupyterlab", "iris"];
  expect(releasedNames(prefix, { once, now: [] }, own)).toEqual(["xarray", "numpy"]);
  expect(releasedNames(prefix, { once, now: ["numpy <3"] }, own)).toEqual(["xarray"]);
});
