/** What each profile takes from the archive. */
export interface Profile {
  readonly suite: string;
  readonly roots: readonly string[];
}

const SMALL = [
  "python3",
  "python3.13-venv",
  "python3-pip",
  "python3-pip-whl",
  "python3-setuptools",
  "python3-wheel",
  "python3-tqdm",
  "python3-pluggy",
];

const FULL = [
  ...SMALL,
  "jupyterhub",
  "jupyterlab",
  "jupyter-notebook",
  "python3-nbclassic",
  "python3-ruamel.yaml",
  "python3-ipykernel",
  "python3-ipywidgets",
  "python3-nbclient",
  "python3-nbconvert",
  "python3-numpy",
  "python3-pandas",
  "python3-xarray",
  "python3-dask",
];

export const PROFILES = {
  small: { suite: "trixie", roots: SMALL },
  full: { suite: "trixie", roots: FULL },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof PROFILES;

/** Real wheels inside .debs, and packages that are repacked as wheels, for the package index. */
export const WHEEL_DEBS = [
  "python3-pip-whl",
  "python3-wheel-whl",
  "python3-packaging-whl",
] as const;
export const REPACKED_WHEELS = [
  "python3-setuptools",
  "python3-tabulate",
  "python3-colorama",
  // With these the tests of `python/tljh` run in a real hub environment.
  "python3-pytest",
  "python3-iniconfig",
] as const;

/** Small .debs that need nothing beyond a minimal system; `bzip2` is what an installation itself adds. */
export const APT_PACKAGES = ["bzip2", "hello", "figlet", "tree"] as const;

/** What no environment needs: the system's own business, and JavaScript's build tools. */
const CUT =
  /^(libc6|libc-bin|libcrypt1|node-(?!jed$).*|libnode.*|nodejs|npm|jest|ts-.*|yarnpkg|webpack|rollup|typescript|handlebars|gdb|git|perl.*|libperl.*|dpkg|debconf.*|cdebconf|install-info|ucf|init-system-helpers|ca-certificates|media-types|mime-support|mailcap|sensible-utils|passwd|adduser|procps|file|libmagic.*|netbase|less|lsb-base|systemd.*|gcc-.*-base|libpython3.*-dev|python3-dev|pandoc.*|texlive.*|chromium.*|libjs-sphinxdoc|python3-coverage|libjs-simulate-event|python3-setuptools-whl)$/;

export function isCut(name: string): boolean {
  return CUT.test(name);
}
