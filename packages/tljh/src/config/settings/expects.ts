import type { SettingKey, SimpleType } from "./declaration.ts";

/** Completes "must be …". */
export function expectation(key: SettingKey | SimpleType): string {
  switch (key.type) {
    case "array":
      return `a list, each item ${expectation(key.items)}`;
    case "object":
      return `a map, each value ${expectation(key.additionalProperties)}`;
    case "boolean":
      return "true or false";
    case "string":
      return key.enum ? oneOf(key.enum) : text(key);
    default:
      return key.enum ? oneOf(key.enum) : number(key);
  }
}

function oneOf(values: readonly unknown[]): string {
  const said = values.map(String);
  const last = said.pop() ?? "";
  return said.length > 0 ? `${said.join(", ")} or ${last}` : last;
}

function number({ type, minimum, maximum }: Extract<SimpleType, { type: "integer" | "number" }>) {
  const kind = type === "integer" ? "a whole number" : "a number";
  if (minimum !== undefined && maximum !== undefined)
    return `${kind} from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `${kind}, ${minimum} or more`;
  return maximum === undefined ? kind : `${kind}, ${maximum} or less`;
}

function text({ minLength, maxLength, pattern }: Extract<SimpleType, { type: "string" }>): string {
  const shape = pattern === undefined ? "" : ` that matches ${pattern}`;
  return `text${lengthOf(minLength ?? 0, maxLength)}${shape}`;
}

function lengthOf(least: number, most: number | undefined): string {
  if (most === undefined) return least > 0 ? ` of ${least} characters or more` : "";
  if (least === most) return ` of ${most} characters`;
  return least > 0 ? ` of ${least} to ${most} characters` : ` of at most ${most} characters`;
}
