import { posix } from "node:path";
import type { PackageFile, Recipe } from "../channel/model.ts";
import { PYTHON } from "../convert/layout.ts";
import type { DebEntry } from "../debian/deb.ts";

/** Stands in the builds of what is made by hand; a build puts its own hash there. */
export const BUILD_HASH = "0f0f0f0";

/** A recipe with everything that most handmade packages leave out. */
export function recipe(own: Partial<Recipe> & Pick<Recipe, "name" | "version">): Recipe {
  return {
    build: `h${BUILD_HASH}_0`,
    buildNumber: 0,
    kind: "noarch-generic",
    depends: [],
    files: [],
    entryPoints: [],
    summary: "",
    home: "",
    format: "conda",
    ...own,
  };
}

/** Names that are packages on conda-forge and only depend on others. */
export function metaRecipes(versions: ReadonlyMap<string, string>): Recipe[] {
  const found = [
    recipe({
      name: "python_abi",
      version: PYTHON,
      build: "0_cp313",
      constrains: [`python ${PYTHON}.* *_cp313`],
      summary: "Says which binary interface of Python an environment has",
    }),
  ];
  const hub = versions.get("jupyterhub-base");
  if (hub === undefined) return found;
  const base = `jupyterhub-base ==${hub}`;
  found.push(
    recipe({ name: "jupyterhub", version: hub, depends: [base], summary: "The whole hub" }),
    recipe({
      name: "jupyterhub-singleuser",
      version: hub,
      depends: [base, "jupyter_server", "jupyterlab"],
      summary: "What a user's server needs",
    }),
  );
  return found;
}

/** conda-forge's `ca-certificates`, from Debian's folder of certificates. */
export function certificates(entries: readonly DebEntry[], version: string): Recipe {
  const own = entries
    .filter((entry) => /^\/usr\/share\/ca-certificates\/.*\.crt$/.test(entry.path))
    .sort((a, b) => (posix.basename(a.path) < posix.basename(b.path) ? -1 : 1));
  const bundle: PackageFile = {
    path: "ssl/cacert.pem",
    mode: 0o644,
    data: Buffer.from(own.map((entry) => `${entry.data.toString().trim()}\n`).join("")),
  };
  const link: PackageFile = {
    path: "ssl/cert.pem",
    mode: 0o777,
    data: Buffer.alloc(0),
    target: "cacert.pem",
  };
  const summary = "Certificates of the authorities that Mozilla trusts";
  return recipe({ name: "ca-certificates", version, files: [bundle, link], summary });
}
