import { type PackageFile, PLACEHOLDER } from "../channel/model.ts";
import { PYTHON } from "./layout.ts";

const LIB = `lib/python${PYTHON}`;

function edit(file: PackageFile, change: (text: string) => string): PackageFile {
  return { ...file, data: Buffer.from(change(file.data.toString("utf8"))) };
}

/** Both names have 13 letters, so the modules frozen into the binary keep their size. */
function renameSitePackages(data: Buffer): Buffer {
  return Buffer.from(
    data.toString("latin1").replaceAll("dist-packages", "site-packages"),
    "latin1",
  );
}

function sysconfigData(text: string): string {
  return text
    .replace(/^.*'WHEEL_PKG_DIR'.*\n/m, "")
    .replace(/'TZPATH': '[^']*'/, `'TZPATH': '${PLACEHOLDER}/share/zoneinfo:/usr/share/zoneinfo'`)
    .replace(/\/usr\/lib\/x86_64-linux-gnu(?!\/python)/g, "/usr/lib")
    .replace(
      /(?<![\w./])\/usr(?=[/'" ])(?!\/bin\/(?:install|dtrace)|\/share\/zoneinfo)/g,
      PLACEHOLDER,
    );
}

const EDITS: Readonly<Record<string, (file: PackageFile) => PackageFile>> = {
  [`bin/python${PYTHON}`]: (file) => ({ ...file, data: renameSitePackages(file.data) }),
  [`${LIB}/site.py`]: (file) => ({ ...file, data: renameSitePackages(file.data) }),
  [`${LIB}/sysconfig/__init__.py`]: (file) =>
    edit(file, (text) =>
      text
        .replace("'DEB_PYTHON_INSTALL_LAYOUT', 'posix_local'", "'DEB_PYTHON_INSTALL_LAYOUT', ''")
        .replace("prefix_scheme = 'posix_local'", "prefix_scheme = 'posix_prefix'"),
    ),
  [`${LIB}/ensurepip/__init__.py`]: (file) =>
    edit(file, (text) => text.replace(/^ +_ensurepip_is_disabled_in_debian_for_system\(\)\n/m, "")),
};

const link = (path: string, target: string): PackageFile => ({
  path,
  mode: 0o777,
  data: Buffer.alloc(0),
  target,
});

/** Makes Debian's interpreter one that lives in a prefix of its own. */
export function adaptPython(files: readonly PackageFile[]): PackageFile[] {
  const adapted = files.map((file) => {
    if (/\/_sysconfigdata_[^/]*\.py$/.test(file.path) && file.target === undefined)
      return { ...edit(file, sysconfigData), placeholder: "text" as const };
    return EDITS[file.path]?.(file) ?? file;
  });
  return [...adapted, link("bin/python", `python${PYTHON}`)];
}

/** The script that conda's own tools write for an entry point of a package with an architecture. */
export function entryPointScript(entryPoint: string): PackageFile {
  const [name = "", module = "", attribute = ""] = entryPoint.split(/\s*=\s*|:/);
  const first = attribute.split(".")[0] ?? "";
  const text = [
    `#!${PLACEHOLDER}/bin/python`,
    "import sys",
    "",
    `from ${module} import ${first}`,
    "",
    'if __name__ == "__main__":',
    `    sys.exit(${attribute}())`,
    "",
  ].join("\n");
  return { path: `bin/${name}`, mode: 0o755, data: Buffer.from(text), placeholder: "text" };
}
