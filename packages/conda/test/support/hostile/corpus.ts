import { packAllBz2 } from "../package.ts";
import { bzips } from "./bzips.ts";
import type { ArchiveCase, TarCase } from "./case.ts";
import { headers } from "./headers.ts";
import { lists } from "./lists.ts";
import { links, names, places } from "./members.ts";
import { condaOf, zips } from "./zips.ts";

/** Every archive that is tried, each with what is wrong with it and what becomes of it. */
export function corpus(): ArchiveCase[] {
  const tars = [...names(), ...links(), ...places(), ...headers()];
  return [...inBothFormats(tars), ...zips(), ...bzips(), ...lists()];
}

/** Every third as a `.tar.bz2` too: behind the first bytes both formats are read by the same code. */
function inBothFormats(tars: readonly TarCase[]): ArchiveCase[] {
  const third = tars.filter((_, at) => at % 3 === 0);
  const bz2 = packAllBz2(third.map(({ tar }) => tar));
  return [
    ...tars.map(({ tar, ...rest }) => ({ ...rest, format: "conda" as const, bytes: condaOf(tar) })),
    ...third.map(({ name, verdict }, at) => ({
      name,
      verdict,
      format: "tar.bz2" as const,
      bytes: bz2[at] ?? Buffer.alloc(0),
    })),
  ];
}
