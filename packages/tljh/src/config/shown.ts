/** A value of config.yaml as messages show it, on one line; what is secret is not repeated. */
export function shown(value: unknown, secret: boolean): string {
  if (value === undefined || value === null) return "empty";
  if (secret) return "something else";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a section";
  const said = typeof value === "string" ? JSON.stringify(value) : String(value);
  return said.length > 80 ? `${said.slice(0, 80)}…` : said;
}
