import { parseConfigDocument, writtenValue } from "../../config/document.ts";
import { addItem, type Path, parsePath, removeItem, setKey, unsetKey } from "../../config/edit.ts";
import { holdsText, infoAt } from "../../config/lookup.ts";
import { dotted, type Problem } from "../../config/problem.ts";
import { findGaps } from "../../config/rules.ts";
import { type PluginSections, settingAt } from "../../config/settings/sections.ts";
import { updateConfig } from "../../config/store.ts";
import { type Validation, validate } from "../../config/validate.ts";
import { parseValue } from "../../config/value.ts";
import { configInvalid, listExpected } from "../../errors/config.ts";
import type { Options } from "./arguments.ts";
import type { Io } from "./io.ts";

export type ChangeCommand = "set" | "unset" | "add-item" | "remove-item";

interface Circumstances {
  readonly file: string;
  readonly options: Options;
  readonly io: Io;
  /** What plugins have declared as theirs. */
  readonly sections: PluginSections;
}

/** Changes one key of the file, unless the result would have mistakes that it has not now. */
export async function change(
  command: ChangeCommand,
  [keyPath = "", value = ""]: readonly string[],
  { file, options, io, sections }: Circumstances,
): Promise<void> {
  const path = parsePath(keyPath);
  if (command === "set" && options.validate) refuseSingleValue(path, value, sections);
  const edit = editOf(command, { path, value, sections });
  let notes: readonly Problem[] = [];
  const { before, after } = await updateConfig(file, (text) => {
    parseConfigDocument(text, file);
    const edited = edit(text);
    if (options.validate) notes = check([text, edited], path, file, sections);
    return edited;
  });
  for (const { message, remedy } of notes) io.err(`note: ${message}\n      ${remedy}\n`);
  if (before !== after && io.terminal) io.err(`${hint(path, sections)}\n`);
}

interface Asked {
  readonly path: Path;
  readonly value: string;
  readonly sections: PluginSections;
}

function editOf(
  command: ChangeCommand,
  { path, value, sections }: Asked,
): (text: string) => string {
  const item = () => parseValue(value, [...path, 0], sections);
  if (command === "set") return (text) => setKey(text, path, parseValue(value, path, sections));
  if (command === "unset") return (text) => unsetKey(text, path);
  if (command === "add-item") return (text) => addItem(text, path, item());
  return (text) =>
    removeItem(text, path, item(), (document) => writtenValue(document, holdsText(sections)));
}

function refuseSingleValue(path: Path, value: string, sections: PluginSections): void {
  const list =
    infoAt(path)?.kind === "texts" ||
    infoAt(path.slice(0, -1))?.kind === "map of texts" ||
    settingAt(path, sections)?.type === "array";
  if (list && parseValue(value) !== null) throw listExpected(dotted(path), value);
}

/**
 * Throws for mistakes that the edit makes, or that stand where it edits. Those elsewhere are the file's own:
 * they are said, so that a file with several can be mended one by one.
 */
function check(
  texts: readonly [before: string, after: string],
  path: Path,
  file: string,
  sections: PluginSections,
): Problem[] {
  const [before, after] = texts.map((text) => {
    const written = writtenValue(parseConfigDocument(text, file), holdsText(sections));
    return validate(written, sections);
  });
  const old = new Set(before?.problems.map(identity));
  const { effective, problems } = after as Validation;
  const caused = problems.filter(
    (problem) => touches(problem.path, path) || !old.has(identity(problem)),
  );
  const refused = caused.filter(({ severity }) => severity !== "warning");
  if (refused.length > 0) throw configInvalid(file, refused, () => undefined, "edit");
  const gaps = effective ? findGaps(effective) : [];
  return [...problems, ...gaps.filter((gap) => gap.path[0] === path[0])];
}

const identity = ({ path, message }: Problem) => `${dotted(path)}: ${message}`;

/** Whether one of the two paths leads to the other. */
const touches = (one: Path, other: Path) =>
  one.slice(0, other.length).every((name, index) => name === other[index]);

/** What makes the change take effect. */
function hint([section = "", key]: Path, sections: PluginSections): string {
  if (sections.has(section)) return "Apply it with: sudo tljh apply";
  if (section === "services" && key === "cull") return "It takes effect within a minute.";
  const component = ["http", "https", "traefik_api"].includes(section) ? " proxy" : "";
  const both = section === "base_url" || section === "traefik_api";
  const commands = both ? "reload && sudo tljh-config reload proxy" : `reload${component}`;
  return `Apply it with: sudo tljh-config ${commands}`;
}
