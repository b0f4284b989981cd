/** The first value that is no plain data, or that holds itself. */
export function findOther(
  value: unknown,
  path = "",
  above: readonly object[] = [],
): { path: string; value: unknown } | undefined {
  if (value === null || value === undefined || typeof value === "boolean") return undefined;
  if (typeof value === "string" || typeof value === "bigint") return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return undefined;
  if (typeof value !== "object" || above.includes(value) || !isPlain(value)) return { path, value };
  for (const [key, inner] of Object.entries(value)) {
    const found = findOther(inner, path === "" ? key : `${path}.${key}`, [...above, value]);
    if (found) return found;
  }
  return undefined;
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
