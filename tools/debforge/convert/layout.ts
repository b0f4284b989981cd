/** Where Debian's files go in a conda prefix. */

export const PYTHON = "3.13";
export const SITE_PACKAGES = `lib/python${PYTHON}/site-packages`;

const DROPPED = [
  /^\/usr\/share\/(doc|doc-base|man|info|lintian|bug|locale|menu|vim|gcc|gdb|zsh|emacs)\//,
  /^\/usr\/share\/(applications|icons|pixmaps|bash-completion|binfmts|python3|perl5)\//,
  /^\/usr\/share\/(python-tinycss2-common|readline|metainfo|mime|apport|appdata)\//,
  /^\/usr\/share\/nodejs\/(?!(codemirror|jed)\/)/,
  /^\/usr\/share\/fish\//,
  /^\/usr\/share\/python-wheels\/(?!pip-)/,
  /^\/usr\/lib\/(systemd|binfmt\.d|valgrind|tmpfiles\.d|sysusers\.d|girepository|pkgconfig)\//,
  /^\/usr\/lib\/x86_64-linux-gnu\/pkgconfig\//,
  /^\/usr\/lib\/python3\.13\/(EXTERNALLY-MANAGED|sitecustomize\.py|_distutils_system_mod\.py)$/,
  /^\/usr\/bin\/(py3|pybuild)/,
  /^\/usr\/lib\/python3\.13\/test\//,
  /^\/usr\/s?bin\/(idle|2to3|dh_)/,
  // The metadata of each stub package, which pip would check against packages that nobody has.
  /^\/usr\/lib\/python3\/dist-packages\/types_(?!python_dateutil)[^/]*\.dist-info\//,
  /^\/etc\/(?!jupyter\/)/,
  /^\/var\//,
];

const MOVED: readonly (readonly [RegExp, string])[] = [
  [/^\/usr\/lib\/python3\/dist-packages\//, `${SITE_PACKAGES}/`],
  [/^\/usr\/lib\/x86_64-linux-gnu\/(?:blas|lapack)\//, "lib/"],
  [/^\/usr\/lib\/x86_64-linux-gnu\//, "lib/"],
  [/^\/lib\/x86_64-linux-gnu\//, "lib/"],
  [/^\/usr\/share\/python-wheels\//, `lib/python${PYTHON}/ensurepip/_bundled/`],
  [/^\/usr\//, ""],
  [/^\//, ""],
];

/** The path below the prefix, or undefined for what has no place in an environment. */
export function prefixPath(path: string): string | undefined {
  if (DROPPED.some((pattern) => pattern.test(path))) return undefined;
  for (const [pattern, replacement] of MOVED)
    if (pattern.test(path)) return path.replace(pattern, replacement);
  return undefined;
}
