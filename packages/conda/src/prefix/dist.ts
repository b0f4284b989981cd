import type { RepodataRecord } from "../types.ts";

const ANACONDA = "https://conda.anaconda.org/";

/** `conda-forge/linux-64::python-3.13.5-0`: how history names a package. */
export function distName(record: RepodataRecord): string {
  return `${channelName(record.channel)}/${record.subdir}::${record.name}-${record.version}-${record.build}`;
}

/** Conda's canonical name: short on its default server, else the URL without subdir and login. */
export function channelName(channel: string): string {
  const base = channel.replace(/\/(noarch|[a-z]+-[a-z0-9]+)\/?$/, "").replace(/\/$/, "");
  const url = base.replace(/^(https?:\/\/)[^/@]*@/, "$1").replace(/\/t\/[^/]+\//, "/");
  return url.startsWith(ANACONDA) ? url.slice(ANACONDA.length) : url;
}
