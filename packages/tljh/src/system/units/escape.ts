/** A value in a setting that expands specifiers and takes the rest of the line (`WorkingDirectory=`). */
export function unitValue(value: string): string {
  return value.replaceAll("%", "%%");
}

/** One word of a setting that is a list of words (`Environment=`, `LoadCredential=`). */
export function unitWord(word: string): string {
  const escaped = unitValue(word).replace(/["\\]/g, "\\$&");
  return /^[\w@%+=:,./-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}

/** A command line: as words, and without variables being put in. */
export function unitCommand(argv: readonly string[]): string {
  return argv.map((argument) => unitWord(argument).replaceAll("$", "$$$$")).join(" ");
}
