/** `unsafe`: the archive tries what no package may; `damaged`: it cannot be read to its end. */
export type ArchiveFaultKind = "unsafe" | "damaged";

/** What is wrong with an archive, before its package's name is known. */
export class ArchiveFault extends Error {
  readonly kind: ArchiveFaultKind;

  constructor(kind: ArchiveFaultKind, detail: string) {
    super(detail);
    this.name = "ArchiveFault";
    this.kind = kind;
  }
}

export const unsafe = (detail: string) => new ArchiveFault("unsafe", detail);
export const damaged = (detail: string) => new ArchiveFault("damaged", detail);
