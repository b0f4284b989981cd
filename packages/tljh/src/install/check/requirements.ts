/**
 * What `pip check` complains of in an environment and did not before. The same complaint with
 * another version in it is the same. Pure.
 */
export function newComplaints(before: string, after: string): readonly string[] {
  const known = new Set(complaints(before).map(subject));
  return complaints(after).filter((line) => !known.has(subject(line)));
}

function complaints(output: string): string[] {
  return output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => COMPLAINT.test(line));
}

/** `a 1.0 requires b, which is not installed.`, `a 1.0 has requirement b>=2, but you have b 1.0.` */
const COMPLAINT = /^(\S+) \S+ (?:requires|has requirement) ([\w.-]+)|^(\S+) \S+ is not supported/;

function subject(line: string): string {
  const [, name, requirement, unsupported] = COMPLAINT.exec(line) ?? [];
  return unsupported ?? `${name} ${requirement}`;
}
