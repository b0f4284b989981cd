import { file, folder, hard, link, pax, type TarCase, tarCase } from "./case.ts";

const NAMES_OUTSIDE = [
  ...["/x", "//x", "/", "/../x", "/tmp/x", "/etc/cron.d/x"],
  ...[
    "../x",
    "../../x",
    "./../x",
    "a/../../x",
    "a/b/../../../x",
    "a//../..//x",
    "..",
    "a/..",
    "a/../..",
  ],
  ...["a/./../../x", ".././x", "a/b/..", "./..", "a/../b"],
];

const CONTROLS = ["\n", "\r", "\t", "\x01", "\x1b", "\x7f", "\u0085", "\u009b"];

const PARTS_TOO_LONG = [
  "x".repeat(256),
  `a/${"y".repeat(300)}/b`,
  "ä".repeat(200),
  `${"d/".repeat(1800)}x`,
];

const LINKS_OUTSIDE = [
  ...[
    "/etc/passwd",
    "/",
    "//",
    "/tmp",
    "../x",
    "..",
    "../../x",
    "./../x",
    "b/../../x",
    "a/../../../etc",
  ],
  ...["../package.conda", "../target/../x"],
];

const TYPES = ["3", "4", "6", "8", "9", "A", "D", "M", "N", "S", "V", "Z", "s", "?"];

/** Names that lead outside, or into a terminal. */
export function names(): TarCase[] {
  return [
    ...NAMES_OUTSIDE.map((path) => tarCase("unsafe", `a file ${path}`, file(path))),
    ...NAMES_OUTSIDE.map((path) => tarCase("unsafe", `a folder ${path}`, folder(path))),
    ...CONTROLS.flatMap((sign) => [
      tarCase("unsafe", `${JSON.stringify(sign)} within a name`, file(`a${sign}b`)),
      tarCase("unsafe", `${JSON.stringify(sign)} at the end of a folder`, folder(`a/b${sign}`)),
      tarCase("unsafe", `${JSON.stringify(sign)} in a link's target`, link("a", `b${sign}c`)),
    ]),
    ...PARTS_TOO_LONG.map((path) =>
      tarCase("unsafe", `a name of ${path.length} characters`, file(path)),
    ),
    tarCase("unsafe", "a file that is the package's folder", file(".")),
    tarCase("unsafe", "a file without a name", file("")),
    tarCase("unsafe", "a link that is the package's folder", link("./", "x")),
    ...["./a", "a//b", "./a/./b", "a", ".hidden", "...", "a b", "-rf", "~", "$(x)", "ü"].map(
      (path) => tarCase("fine", `a file ${path}`, file(path)),
    ),
    pax("unsafe", "a pax path that leads outside", "path=../x"),
    pax("unsafe", "an absolute pax path", "path=/x"),
    pax("unsafe", "a zero byte in a pax path", "path=a\0b"),
    pax("unsafe", "a line's end in a pax path", "path=a\nb"),
    pax("fine", "a pax path", "path=other/name"),
    pax("fine", "a pax header that says what does not matter", "mtime=1.5"),
  ];
}

/** Links that lead outside, in circles or nowhere. */
export function links(): TarCase[] {
  return [
    ...LINKS_OUTSIDE.map((target) => tarCase("unsafe", `a link to ${target}`, link("a", target))),
    ...LINKS_OUTSIDE.map((target) =>
      tarCase("unsafe", `a hard link to ${target}`, hard("a", target)),
    ),
    tarCase("unsafe", "a link without a target", link("a", "")),
    tarCase("unsafe", "a link to itself", link("a", "a")),
    tarCase("unsafe", "two links to one another", link("a", "b"), link("b", "a")),
    tarCase(
      "unsafe",
      "links in a circle through folders",
      link("d/a", "../e/b"),
      link("e/b", "../d/a"),
    ),
    tarCase("unsafe", "a link through a link to above", link("a", "d/.."), link("b", "a/../x")),
    tarCase(
      "unsafe",
      "a link out through another",
      folder("d"),
      link("d/up", ".."),
      link("x", "d/up/../y"),
    ),
    tarCase("unsafe", "links that meet outside", link("d/e/up", "../.."), link("x", "d/e/up/..")),
    pax("unsafe", "a pax target that leads outside", "linkpath=../x", link("a", "b")),
    pax("unsafe", "a zero byte in a pax target", "linkpath=a\0b", link("a", "b")),
    tarCase("unsafe", "a hard link to nothing", hard("a", "b")),
    tarCase("unsafe", "a hard link to what comes later", hard("a", "b"), file("b")),
    tarCase("unsafe", "a hard link to itself", hard("a", "a")),
    tarCase("unsafe", "a hard link to a folder", folder("d"), hard("a", "d")),
    tarCase("unsafe", "a hard link to a link", link("l", "t"), hard("a", "l")),
    tarCase("unsafe", "a hard link in place of its file", file("a"), hard("a", "a")),
    tarCase("fine", "a link to a file beside it", file("a"), link("b", "a")),
    tarCase("fine", "a link to a file that another package has", link("d/b", "../lib/other")),
    tarCase("fine", "a link to a folder", folder("d"), link("e", "d")),
    tarCase("fine", "a hard link to a file before it", file("a"), hard("b", "./a")),
  ];
}

/** Members in one another's way, and of types that no package has. */
export function places(): TarCase[] {
  return [
    tarCase("unsafe", "a file below a link", link("d", "e"), file("d/x")),
    tarCase("unsafe", "a file below a link to a folder", folder("e"), link("d", "e"), file("d/x")),
    tarCase("unsafe", "a link below a link", link("d", "e"), link("d/x", "y")),
    tarCase("unsafe", "a folder below a link", link("d", "e"), folder("d/x")),
    tarCase("unsafe", "a folder in a link's place", link("d", "e"), folder("d")),
    tarCase("unsafe", "a file below a file", file("d"), file("d/x")),
    tarCase("unsafe", "a file in a link's place", link("d", "e"), file("d")),
    tarCase("unsafe", "a link in a file's place", file("d"), link("d", "e")),
    tarCase("unsafe", "a link in a folder's place", folder("d"), link("d", "e")),
    tarCase(
      "unsafe",
      "a link in the place of a folder that was implied",
      file("d/x"),
      link("d", "e"),
    ),
    tarCase("unsafe", "a file in a folder's place", folder("d"), file("d")),
    tarCase("unsafe", "a folder in a file's place", file("d"), folder("d")),
    tarCase("unsafe", "a file twice", file("d"), file("d")),
    tarCase("unsafe", "a file twice, spelt differently", file("d/x"), file("./d//x")),
    tarCase("unsafe", "a link twice", link("d", "e"), link("d", "e")),
    tarCase("fine", "a folder twice", folder("d"), folder("d/"), file("d/x")),
    tarCase("fine", "names that differ in case", file("d"), file("D")),
    ...TYPES.map((type) => tarCase("unsafe", `a member of the type ${type}`, { path: "a", type })),
    tarCase("fine", "a contiguous file", file("a", { type: "7" })),
    tarCase("fine", "a file of all modes", file("a", { mode: 0o7777 })),
  ];
}
