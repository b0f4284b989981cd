/** Which .debs become which conda package, and under which of conda-forge's names. */

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  python: [
    "python3.13-minimal",
    "python3.13",
    "libpython3.13-minimal",
    "libpython3.13-stdlib",
    "libpython3-stdlib",
    "python3.13-venv",
    "python3-minimal",
    "python3-venv",
    "python3-pip-whl",
    "python3",
  ],
  alembic: ["python3-alembic", "alembic"],
  "argon2-cffi": ["python3-argon2"],
  babel: ["python3-babel", "python-babel-localedata"],
  "cffi-backend": ["python3-cffi-backend"],
  bzip2: ["libbz2-1.0"],
  html5lib: ["python3-html5lib"],
  jupyter_core: ["python3-jupyter-core", "jupyter-core"],
  "jupyterhub-base": ["jupyterhub"],
  keyutils: ["libkeyutils1"],
  krb5: ["libkrb5-3", "libgssapi-krb5-2", "libk5crypto3", "libkrb5support0"],
  libargon2: ["libargon2-1"],
  libblas: ["libblas3"],
  libbsd: ["libbsd0"],
  "libcom-err": ["libcom-err2"],
  libdb: ["libdb5.3t64"],
  libexpat: ["libexpat1"],
  libffi: ["libffi8"],
  libgcc: ["libgcc-s1"],
  libgfortran: ["libgfortran5"],
  liblapack: ["liblapack3"],
  liblzma: ["liblzma5"],
  libmd: ["libmd0"],
  libsodium: ["libsodium23"],
  libsqlite: ["libsqlite3-0"],
  libstdcxx: ["libstdc++6"],
  libuuid: ["libuuid1"],
  libzlib: ["zlib1g"],
  ncurses: ["libtinfo6", "libncursesw6"],
  norm: ["libnorm1t64"],
  notebook: ["python3-notebook", "jupyter-notebook"],
  numpy: ["python3-numpy", "python3-numpy-dev"],
  openpgm: ["libpgm-5.3-0t64"],
  openssl: ["libssl3t64", "openssl-provider-legacy"],
  pandas: ["python3-pandas", "python3-pandas-lib"],
  readline: ["libreadline8t64", "readline-common"],
  setuptools: ["python3-setuptools", "python3-pkg-resources"],
  tinycss2: ["python3-tinycss2", "python-tinycss2-common"],
  typeshed: ["python3-typeshed"],
  yaml: ["libyaml-0-2"],
  zeromq: ["libzmq5"],
  zstd: ["libzstd1"],
};

const GROUP_OF = new Map(
  Object.entries(GROUPS).flatMap(([name, debs]) => debs.map((deb) => [deb, name] as const)),
);

/** Projects whose conda-forge name keeps the underscore of their name on PyPI. */
const WITH_UNDERSCORE = new Set([
  "async_generator",
  "importlib_metadata",
  "ipython_genutils",
  "jupyter_client",
  "jupyter_core",
  "jupyter_events",
  "jupyter_server",
  "jupyter_server_terminals",
  "jupyterlab_pygments",
  "jupyterlab_server",
  "jupyterlab_widgets",
  "prometheus_client",
  "pure_eval",
  "rfc3339_validator",
  "stack_data",
  "typing_extensions",
]);

/** Conda's spelling of a name on PyPI. */
export function condaName(project: string): string {
  const normal = project.toLowerCase();
  const underscored = normal.replace(/-/g, "_");
  return WITH_UNDERSCORE.has(underscored) ? underscored : normal.replace(/_/g, "-");
}

/** A .deb's name with only the signs that a conda name may have. */
export function plainName(deb: string): string {
  return deb.toLowerCase().replace(/\+/g, "x");
}

/** The table's name for a .deb, or undefined where its metadata must tell. */
export function groupOf(deb: string): string | undefined {
  return GROUP_OF.get(deb);
}

/** The order of a group's .debs; the first gives the version. */
export function orderInGroup(group: string, deb: string): number {
  return GROUPS[group]?.indexOf(deb) ?? 0;
}
