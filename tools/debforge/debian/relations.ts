import type { Operator } from "./version.ts";

/** One alternative of a dependency: `name:any (>= 1.2) [amd64]`. */
export interface Relation {
  readonly name: string;
  readonly operator?: Operator;
  readonly version?: string;
}

const PATTERN =
  /^([a-z0-9][a-z0-9+.-]*)(?::[a-z0-9]+)?\s*(?:\(\s*(<<|<=|=|>=|>>)\s*([^\s)]+)\s*\))?/;

function parseRelation(text: string): Relation | undefined {
  const match = PATTERN.exec(text.trim());
  const name = match?.[1];
  if (!match || name === undefined) return undefined;
  const [, , operator, version] = match;
  return version === undefined ? { name } : { name, operator: operator as Operator, version };
}

/** A `Depends` field: every item must hold, by any one of its alternatives. */
export function parseRelations(field: string | undefined): Relation[][] {
  if (!field) return [];
  return field.split(",").flatMap((item) => {
    const alternatives = item.split("|").map(parseRelation);
    const known = alternatives.filter((one) => one !== undefined);
    return known.length > 0 ? [known] : [];
  });
}
