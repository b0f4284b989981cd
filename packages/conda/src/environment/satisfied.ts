import type { PackageRecord } from "../types.ts";

/**
 * Whether an installed package meets a spec, where that is plain: a name, a version, a range of
 * numeric versions. `false` also means "ask the solver".
 */
export function isPlainlySatisfied(spec: string, record: PackageRecord): boolean {
  const [, name, constraint = ""] = /^([\w.-]+)\s*(.*)$/.exec(spec.trim()) ?? [];
  if (name === undefined || name.toLowerCase() !== record.name) return false;
  if (constraint === "" || constraint === "*") return true;
  if (!NUMERIC.test(record.version)) return false;
  return constraint.split(",").every((part) => isMet(part.trim(), record.version));
}

const NUMERIC = /^\d+(\.\d+)*$/;

function isMet(part: string, version: string): boolean {
  const [, operator = "", wanted = "", star = ""] =
    /^(==|=|>=|<=|>|<|!=)?\s*(\d+(?:\.\d+)*)(\.?\*)?$/.exec(part) ?? [];
  if (wanted === "") return false;
  const order = compareNumeric(version, wanted);
  switch (operator) {
    case "=":
      return startsWith(version, wanted);
    case "":
      return star === ".*" ? startsWith(version, wanted) : star === "" && order === 0;
    case "==":
      return star === "" && order === 0;
    case "!=":
      return star === "" && order !== 0;
    case ">=":
      return star === "" && order >= 0;
    case ">":
      return star === "" && order > 0;
    case "<=":
      return star === "" && order <= 0;
    default:
      return star === "" && order < 0;
  }
}

function startsWith(version: string, start: string): boolean {
  return `${version}.`.startsWith(`${start}.`);
}

/** Missing parts count as zero. */
function compareNumeric(a: string, b: string): number {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let place = 0; place < Math.max(left.length, right.length); place++) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
