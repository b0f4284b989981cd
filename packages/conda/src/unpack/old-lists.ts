import type { FileMode, PathsEntry, PathsJson } from "../types.ts";

/** conda's own default, which stands in packages that name no other. */
const OLD_PLACEHOLDER = "/opt/anaconda1anaconda2anaconda3";

/** The texts that described a package's files before `info/paths.json` did. */
export interface OldFileLists {
  readonly files: string;
  readonly hasPrefix: string;
  readonly noLink: string;
  /** Whether a path is a symbolic link in the package. */
  isLink(path: string): boolean;
}

/** `info/paths.json` as it would be, from `info/files`, `info/has_prefix` and `info/no_link`. */
export function pathsFromOldLists(lists: OldFileLists): PathsJson {
  const placeholders = new Map(lines(lists.hasPrefix).map(prefixLine));
  const noLink = new Set(lines(lists.noLink));
  const paths = lines(lists.files).map((path): PathsEntry => {
    const placeholder = placeholders.get(path);
    return {
      _path: path,
      path_type: lists.isLink(path) ? "softlink" : "hardlink",
      ...(noLink.has(path) ? { no_link: true } : {}),
      ...placeholder,
    };
  });
  return { paths_version: 1, paths };
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

type Placeholder = { readonly prefix_placeholder: string; readonly file_mode: FileMode };

/** `<placeholder> <text|binary> <path>`, parts with spaces in quotes, or a path alone. */
function prefixLine(line: string): [string, Placeholder] {
  const parts = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
  const [placeholder, mode, path] = parts;
  if (parts.length !== 3 || placeholder === undefined || path === undefined) {
    return [line.trim(), { prefix_placeholder: OLD_PLACEHOLDER, file_mode: "text" }];
  }
  const fileMode = mode === "binary" ? "binary" : "text";
  return [path, { prefix_placeholder: placeholder, file_mode: fileMode }];
}
