import { join } from "node:path";
import { writeChannel } from "./channel/channel.ts";
import type { Recipe } from "./channel/model.ts";
import { convert } from "./convert/convert.ts";
import { debFile, downloadDebs } from "./debian/apt.ts";
import { readDeb } from "./debian/deb.ts";
import { condaVersion } from "./debian/version.ts";
import type { ForgeEventSink } from "./events.ts";
import { writeAptRepository } from "./extra/apt-repository.ts";
import { handmadeRecipes } from "./extra/handmade.ts";
import { writeHostile } from "./extra/hostile.ts";
import { BUILD_HASH, certificates, metaRecipes } from "./extra/meta.ts";
import { writePypi } from "./extra/pypi.ts";
import { allDebs, type Selection } from "./selection.ts";
import type { Workshop } from "./workshop.ts";

function warnOfClashes(recipes: readonly Recipe[], sink: ForgeEventSink): void {
  const owners = new Map<string, string>();
  for (const { name, files } of recipes) {
    for (const { path } of files) {
      const other = owners.get(path);
      if (other) sink({ type: "warning", message: `${path} is in ${other} and in ${name}` });
      owners.set(path, name);
    }
  }
}

/** Recipes for what the archive has no .debs of. */
async function otherRecipes(
  converted: readonly Recipe[],
  selection: Selection,
  { apt, salt }: Workshop,
): Promise<{ quiet: Recipe[]; handmade: Recipe[] }> {
  const versions = new Map(converted.map((one) => [one.name, one.version]));
  const trusted = await readDeb(debFile(apt, selection.certificates));
  const bundle = certificates(trusted, condaVersion(selection.certificates.version));
  const salted = (recipes: readonly Recipe[]) =>
    recipes.map((one) => ({ ...one, build: one.build.replace(BUILD_HASH, salt.slice(0, 7)) }));
  return {
    quiet: salted([...metaRecipes(versions), bundle]),
    handmade: salted(handmadeRecipes()),
  };
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Makes everything of a profile in a folder. */
export async function build(
  directory: string,
  selection: Selection,
  workshop: Workshop,
): Promise<void> {
  const { apt, sink, done } = workshop;
  done("download", megabytes(await downloadDebs(apt, allDebs(selection))));
  const converted = await convert(selection.resolution, workshop);
  const { quiet, handmade } = await otherRecipes(converted, selection, workshop);
  warnOfClashes([...converted, ...quiet], sink);
  const channel = join(directory, "channel");
  const built = await writeChannel(channel, [...converted, ...quiet, ...handmade]);
  const files = built.reduce((sum, one) => sum + one.files, 0);
  const packed = built.reduce((sum, one) => sum + Number(one.record.size), 0);
  const unpacked = built.reduce((sum, one) => sum + one.unpacked, 0);
  const sizes = `${megabytes(packed)}, unpacked ${megabytes(unpacked)}`;
  done("pack", `${built.length} packages, ${files} files, ${sizes}`);
  await writeHostile(join(directory, "hostile"));
  await writePypi(join(directory, "pypi"), apt, selection.wheels);
  await writeAptRepository(join(directory, "apt"), apt, selection.apt);
  done("extras", "pypi, apt and hostile archives");
}
