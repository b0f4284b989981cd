import { readSources } from "../sources.ts";
import type { Message } from "./find.ts";

/** `HostError("CODE", f"message", "remedy"`: how all of `python/tljh` writes its errors. */
const raised =
  /\b(?:Host|Daemon|Hub)(?:Error|Unavailable|ConnectionLost|Failure)\(\s*"([A-Z_]+)",\s*(f?"(?:[^"\\]|\\.)*"),\s*(f?"(?:[^"\\]|\\.)*")?/g;

/** Every message of what runs inside JupyterHub and of the plugin host. */
export async function findPythonMessages(root: string): Promise<Message[]> {
  const sources = await readSources(root, "python/tljh/src/**/*.py");
  return sources.flatMap(({ file, text }) => pythonMessagesOf(file, text));
}

export function pythonMessagesOf(file: string, text: string): Message[] {
  return [...text.matchAll(raised)].map(({ 1: code = "", 2: message, 3: remedy, index }) => ({
    code,
    kind: "error",
    maker: "",
    file,
    line: text.slice(0, index).split("\n").length,
    about: "",
    messages: [shown(message)],
    remedies: [shown(remedy)].filter((one) => one !== ""),
  }));
}

/** `f"{name!r} failed"` reads `<name> failed`. */
function shown(literal = ""): string {
  const text = literal.replace(/^f?"|"$/g, "");
  return text.replaceAll(/\{([^{}]*)\}/g, (_, expression: string) => `<${nameIn(expression)}>`);
}

/** The last name of an expression says what it is: `error.strerror or error` is an error. */
function nameIn(expression: string): string {
  const names = expression.replace(/![rs]$|:\w+$/, "").match(/[a-z_]+/gi) ?? ["value"];
  return (names.findLast((name) => !["or", "none", "join"].includes(name)) ?? "value").replaceAll(
    "_",
    " ",
  );
}
