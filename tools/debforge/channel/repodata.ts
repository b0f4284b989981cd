/** What repodata needs to know of a package. */
export interface ChannelEntry {
  readonly fileName: string;
  readonly subdir: "linux-64" | "noarch";
  readonly record: Readonly<Record<string, unknown>>;
}

function sorted(entries: readonly ChannelEntry[], ending: string) {
  return Object.fromEntries(
    entries
      .filter((one) => one.fileName.endsWith(ending))
      .sort((a, b) => (a.fileName < b.fileName ? -1 : 1))
      .map((one) => [one.fileName, one.record]),
  );
}

export function repodata(subdir: string, entries: readonly ChannelEntry[]) {
  return {
    info: { subdir },
    packages: sorted(entries, ".tar.bz2"),
    "packages.conda": sorted(entries, ".conda"),
    removed: [],
    repodata_version: 1,
  };
}
