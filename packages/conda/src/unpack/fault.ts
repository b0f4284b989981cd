/** `unsafe`: the archive tries what no package may; `damaged`: it cannot be read to its end. */
export type ArchiveFaultKind = "unsafe" | "damaged";

/** What is wrong with an archive, before its package's name is known. */
export class ArchiveFault extends Error {
  readonly kind: ArchiveFaultKind;

  constructor(kind: ArchiveFaultKind, detail: string) {
    super(printable(detail));
    this.name = "ArchiveFault";
    this.kind = kind;
  }
}

/** Names out of an archive are shown in a terminal, which must not take orders from them. */
function printable(text: string): string {
  const escaped = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, escaped);
}

export const unsafe = (detail: string) => new ArchiveFault("unsafe", detail);
export const damaged = (detail: string) => new ArchiveFault("damaged", detail);
