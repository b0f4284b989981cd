import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Server } from "../../tools/server/index.ts";

interface Repodata {
  readonly packages: Readonly<Record<string, { readonly name: string }>>;
  readonly "packages.conda": Readonly<Record<string, { readonly name: string }>>;
}

function only(packages: Repodata["packages"], name: string): Repodata["packages"] {
  return Object.fromEntries(Object.entries(packages).filter(([, one]) => one.name === name));
}

/**
 * Makes a conda channel on the server that has one noarch package of another channel and nothing
 * else; gives back its address. Whose record names it came from whoever asked for this channel.
 */
export async function makeSmallChannel(
  server: Server,
  channel: string,
  name: string,
): Promise<string> {
  const folder = `/srv/channels/${name}`;
  const text = await readFile(join(channel, "noarch/repodata.json"), "utf8");
  const all = JSON.parse(text) as Repodata;
  const packages = only(all.packages, name);
  const conda = only(all["packages.conda"], name);
  for (const file of [...Object.keys(packages), ...Object.keys(conda)])
    await server.copyIn(join(channel, "noarch", file), `${folder}/noarch/${file}`);
  const repodata = { info: { subdir: "noarch" }, packages, "packages.conda": conda };
  const empty = { info: { subdir: "linux-64" }, packages: {}, "packages.conda": {} };
  await server.writeFile(`${folder}/noarch/repodata.json`, JSON.stringify(repodata));
  await server.writeFile(`${folder}/linux-64/repodata.json`, JSON.stringify(empty));
  return `file://${folder}`;
}
