import { type PackageFile, PLACEHOLDER, type Recipe } from "../channel/model.ts";
import { PYTHON, SITE_PACKAGES } from "../convert/layout.ts";
import { BUILD_HASH, recipe } from "./meta.ts";

const file = (path: string, text: string, mode = 0o644): PackageFile => ({
  path,
  mode,
  data: Buffer.from(text),
});

const link = (path: string, target: string): PackageFile => ({
  path,
  mode: 0o777,
  data: Buffer.alloc(0),
  target,
});

/** Writes `share/forge-post-link/ran` and a message when linked; removes the mark before unlinking. */
function postLink(): Recipe {
  const ran = 'mkdir -p "$PREFIX/share/forge-post-link"\n';
  const name = "forge-post-link";
  return recipe({
    name,
    version: "1.0",
    summary: "Has scripts that run when it is linked and unlinked",
    files: [
      file(
        `bin/.${name}-post-link.sh`,
        `#!/bin/sh\n${ran}printf '%s\\n' "$PKG_NAME $PKG_VERSION $PKG_BUILDNUM" > "$PREFIX/share/forge-post-link/ran"\necho "forge-post-link says hello" >> "$PREFIX/.messages.txt"\n`,
        0o755,
      ),
      file(
        `bin/.${name}-pre-unlink.sh`,
        '#!/bin/sh\nrm -f "$PREFIX/share/forge-post-link/ran"\n',
        0o755,
      ),
      file("share/forge-post-link/readme.txt", "linked\n"),
    ],
  });
}

function failingPostLink(): Recipe {
  const name = "forge-post-link-fails";
  const script = '#!/bin/sh\necho "cannot go on" >> "$PREFIX/.messages.txt"\nexit 3\n';
  return recipe({
    name,
    version: "1.0",
    summary: "Has a script that fails when it is linked",
    files: [file(`bin/.${name}-post-link.sh`, script, 0o755)],
  });
}

const clobbering = (letter: "a" | "b") =>
  recipe({
    name: `forge-clobber-${letter}`,
    version: "1.0",
    summary: "One of two packages with the same file",
    files: [
      file("share/forge-clobber/same.txt", `from ${letter}\n`),
      file(`share/forge-clobber/${letter}.txt`, `${letter}\n`),
    ],
  });

/** Text and binary files with the placeholder, several times and beside other bytes. */
function prefixes(): Recipe {
  const padded = (text: string) => Buffer.concat([Buffer.from(text), Buffer.alloc(8)]);
  const binary = Buffer.concat([
    Buffer.from([0x7f, 0, 1, 2, 0xff]),
    padded(`${PLACEHOLDER}/lib:${PLACEHOLDER}/share`),
    Buffer.from([0xfe, 0]),
    padded(`${PLACEHOLDER}/etc`),
    Buffer.from("the end"),
  ]);
  const text = `first ${PLACEHOLDER}/a\nsecond ${PLACEHOLDER}:${PLACEHOLDER}\n`;
  return recipe({
    name: "forge-prefix",
    version: "1.0",
    kind: "linux-64",
    summary: "Has the prefix in a text file, in a binary file and in a script",
    files: [
      { path: "share/forge-prefix/binary.bin", mode: 0o644, data: binary, placeholder: "binary" },
      { ...file("share/forge-prefix/text.txt", text), placeholder: "text" },
      {
        ...file("bin/forge-prefix", `#!${PLACEHOLDER}/bin/python\nprint("ok")\n`, 0o755),
        placeholder: "text",
      },
    ],
  });
}

function directoryLink(): Recipe {
  return recipe({
    name: "forge-directory-link",
    version: "1.0",
    format: "tar.bz2",
    summary: "Has a symbolic link to a folder, one to a file and one to nothing",
    files: [
      file("share/forge-directory-link/real/inside.txt", "inside\n"),
      link("share/forge-directory-link/current", "real"),
      link("share/forge-directory-link/file.txt", "current/inside.txt"),
      link("share/forge-directory-link/dangling", "nowhere/at/all"),
    ],
  });
}

/** A noarch Python package of one module with an entry point. */
function pythonPackage(name: string, version: string, body: string, requirement?: string): Recipe {
  const module = name.replace(/-/g, "_");
  const info = `${SITE_PACKAGES}/${module}-${version}.dist-info`;
  const needs = requirement ? `Requires-Dist: ${requirement}\n` : "";
  const metadata = `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${needs}`;
  const points = `[console_scripts]\n${name} = ${module}:main\n`;
  return recipe({
    name,
    version,
    build: `pyh${BUILD_HASH}_0`,
    kind: "noarch-python",
    depends: [`python >=${PYTHON}`],
    entryPoints: [`${name} = ${module}:main`],
    files: [
      file(`${SITE_PACKAGES}/${module}.py`, body),
      file(`${info}/METADATA`, metadata),
      file(`${info}/INSTALLER`, "conda\n"),
      file(`${info}/entry_points.txt`, points),
      file(
        `${info}/RECORD`,
        [`${module}.py`, "METADATA", "INSTALLER", "RECORD", "entry_points.txt"]
          .map((one) =>
            one.endsWith(".py") ? one : `${info.slice(SITE_PACKAGES.length + 1)}/${one}`,
          )
          .map((one) => `${one},,\n`)
          .join(""),
      ),
    ],
  });
}

const greeting = (version: string) =>
  `version = "${version}"\n\n\ndef main():\n    print("hello from", version)\n`;

/** Packages that Debian has no like of, each there for one kind of test. */
export function handmadeRecipes(): Recipe[] {
  return [
    postLink(),
    failingPostLink(),
    clobbering("a"),
    clobbering("b"),
    prefixes(),
    directoryLink(),
    pythonPackage("forge-hello", "1.0", greeting("1.0")),
    pythonPackage("forge-hello", "2.0", greeting("2.0")),
    pythonPackage("forge-broken", "1.0", 'raise ImportError("forge-broken cannot be imported")\n'),
    // `pip check` finds fault with it.
    pythonPackage("forge-mismatch", "1.0", greeting("1.0"), "no-such-distribution>=1"),
    recipe({
      name: "forge-constrains",
      version: "1.0",
      constrains: ["forge-hello <2"],
      summary: "Allows only the first version of forge-hello beside it",
    }),
    recipe({
      name: "forge-unsolvable",
      version: "1.0",
      depends: ["no-such-package >=1"],
      summary: "Needs what no channel has",
    }),
  ];
}
