import { createHash } from "node:crypto";
import { packConda, packTarBz2 } from "../package.ts";
import type { TarMember } from "../tar.ts";
import { type ArchiveCase, type Format, file, folder, link, type Verdict } from "./case.ts";

const sha256 = createHash("sha256").update("x").digest("hex");

const entry = (more: Readonly<Record<string, unknown>> = {}) => ({
  _path: "a",
  path_type: "hardlink",
  sha256,
  size_in_bytes: 1,
  ...more,
});

const LINK = { _path: "l", path_type: "softlink" };

/** A package of a file `a`, a link `l` and a folder `d`, and what it says of them. */
function packed(format: Format, info: readonly TarMember[]): Buffer {
  const content = [file("a"), link("l", "a"), folder("d")];
  return format === "conda" ? packConda("x-1-0", info, content) : packTarBz2([...info, ...content]);
}

interface ListCase {
  readonly verdict: Verdict;
  readonly name: string;
  readonly info: readonly TarMember[];
}

const json = (verdict: Verdict, name: string, text: string): ListCase => ({
  verdict,
  name,
  info: [{ path: "info/paths.json", content: text }],
});

const listed = (verdict: Verdict, name: string, ...paths: readonly unknown[]): ListCase =>
  json(verdict, name, JSON.stringify({ paths, paths_version: 1 }));

const one = (more: Readonly<Record<string, unknown>>) => [entry(more), LINK] as const;

function cases(): ListCase[] {
  return [
    listed("fine", "a list that is right", ...one({})),
    listed("fine", "a list in capital letters", ...one({ sha256: sha256.toUpperCase() })),
    listed(
      "fine",
      "a list without hashes",
      ...one({ sha256: undefined, size_in_bytes: undefined }),
    ),
    listed("fine", "a folder in the list", ...one({}), { _path: "d", path_type: "directory" }),
    listed("damaged", "another hash", ...one({ sha256: "0".repeat(64) })),
    listed("damaged", "another size", ...one({ size_in_bytes: 2 })),
    listed("damaged", "a file that is not there", ...one({}), entry({ _path: "b" })),
    listed("damaged", "a link said to be a file", entry(), entry({ _path: "l" })),
    listed("damaged", "a file said to be a link", ...one({ path_type: "softlink" })),
    listed("damaged", "a folder said to be a file", ...one({}), entry({ _path: "d" })),
    listed("fine", "a file that is not listed", LINK),
    listed("fine", "a link that is not listed", entry()),
    listed("unsafe", "a file that is listed twice", ...one({}), entry()),
    listed(
      "unsafe",
      "a file that is listed twice, spelt differently",
      ...one({}),
      entry({ _path: "./a" }),
    ),
    listed("unsafe", "a type that there is not", ...one({ path_type: "device" })),
    listed("unsafe", "no type", ...one({ path_type: undefined })),
    listed("unsafe", "no path", ...one({ _path: undefined })),
    listed("unsafe", "a path of no text", ...one({ _path: 7 })),
    ...["", "/etc/passwd", "../x", "a/../../x", "a\nb", "."].map((path) =>
      listed("unsafe", `the path ${JSON.stringify(path)}`, ...one({ _path: path })),
    ),
    listed("unsafe", "an empty placeholder", ...one({ prefix_placeholder: "" })),
    listed("unsafe", "a placeholder of no text", ...one({ prefix_placeholder: ["/"] })),
    listed("unsafe", "nothing for an entry", null),
    ...["", "{", "null", "[]", '{"paths": {}}'].map((text) =>
      json("damaged", `the text ${JSON.stringify(text)}`, text),
    ),
    ...elsewhere(),
    ...old(),
  ];
}

/** The list itself is not where or what it must be. */
function elsewhere(): ListCase[] {
  const content = JSON.stringify({ paths: one({}), paths_version: 1 });
  return [
    { verdict: "unsafe", name: "a list that is a link", info: [link("info/paths.json", "../a")] },
    { verdict: "unsafe", name: "a folder of lists that is a link", info: [link("info", "d")] },
    {
      verdict: "unsafe",
      name: "two lists",
      info: [
        { path: "info/paths.json", content },
        { path: "./info/paths.json", content },
      ],
    },
  ];
}

/** Packages older than `paths.json`. */
function old(): ListCase[] {
  const files = (verdict: Verdict, name: string, content: string): ListCase => ({
    verdict,
    name: `an old list ${name}`,
    info: [{ path: "info/files", content }],
  });
  return [
    files("fine", "that is right", "a\nl\n"),
    files("damaged", "of what is not there", "a\nl\nb\n"),
    files("fine", "of less than there is", "a\n"),
    files("unsafe", "of what is elsewhere", "a\nl\n../../etc/passwd\n"),
  ];
}

/** The package's own list of files says something that is not so. Some are a `.tar.bz2` too. */
export function lists(): ArchiveCase[] {
  return cases().flatMap(({ verdict, name, info }, at) =>
    (at % 3 === 0 ? FORMATS : FORMATS.slice(0, 1)).map((format) => ({
      verdict,
      name,
      format,
      bytes: packed(format, info),
    })),
  );
}

const FORMATS: readonly Format[] = ["conda", "tar.bz2"];
