/**
 * Imports what it is told in turn; says before each which it is, and after it whether that failed. What
 * imports make is hardly ever garbage: it is not looked for.
 */
const IMPORT = `
import gc, importlib, json, sys
gc.disable()
MARK = sys.argv[1]
def say(*words):
    sys.__stdout__.write("\\n" + MARK + json.dumps(words) + "\\n")
    sys.__stdout__.flush()
for name in sys.argv[2:]:
    say("begin", name)
    try:
        importlib.import_module(name)
    except BaseException as error:
        say("failed", name, type(error).__name__ + ": " + str(error))
say("end")
`;

const MARK = "tljh-check:";

/** What follows a Python's path to have it import these modules, each on its own account. */
export function importArguments(modules: readonly string[]): readonly string[] {
  return ["-I", "-B", "-c", IMPORT, MARK, ...modules];
}

export interface FailedImport {
  readonly module: string;
  /** What Python said. */
  readonly reason: string;
}

/** What a Python wrote, and how it ended where that says more than its last words. */
export interface Imported {
  readonly stdout: string;
  /** The end of what it wrote to both streams. */
  readonly output: string;
  /** Why it was ended, where it was. */
  readonly ended?: string | undefined;
}

/** What of it failed, by what the program wrote. A module that ended it is the last that was begun. */
export function failedImports({ stdout, output, ended }: Imported): readonly FailedImport[] {
  const said = stdout.split("\n").flatMap(words);
  const failed = said.flatMap(([what, module = "", reason = ""]) =>
    what === "failed" ? [{ module, reason }] : [],
  );
  if (said.at(-1)?.[0] === "end") return failed;
  const [, module = "python"] = said.findLast(([what]) => what === "begin") ?? [];
  const others = failed.filter((one) => one.module !== module);
  return [...others, { module, reason: ended ?? lastLines(output) }];
}

/** A module may write what it likes, such a mark too. */
function words(line: string): readonly (readonly string[])[] {
  if (!line.startsWith(MARK)) return [];
  try {
    const said: unknown = JSON.parse(line.slice(MARK.length));
    return Array.isArray(said) ? [said.map(String)] : [];
  } catch {
    return [];
  }
}

function lastLines(output: string): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "" && !line.startsWith(MARK));
  return lines.slice(-10).join("\n") || "Python ended without a word";
}
