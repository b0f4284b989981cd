/** Makes channels of a wanted number of packages and files. */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { writeChannel } from "../../packages/conda/test/support/channel.ts";
import type { FixturePackage, FixtureTree } from "../../packages/conda/test/support/package.ts";

/** Needs every other package of a channel but `ONE_MORE`. */
export const ALL = "all";
export const ONE_MORE = "one-more";

export interface ChannelSize {
  readonly packages: number;
  readonly filesInEach: number;
}

const NEEDS = 3;
const IN_A_FOLDER = 100;
/** One of so many has the prefix in it, as in real packages about. */
const WITH_PREFIX = 100;
const PLACEHOLDER = `/opt/${"placeholder_".repeat(20)}`;

/** The channel in a folder, made if it is not there yet. */
export function growingChannel(folder: string, size: ChannelSize): string {
  if (existsSync(folder)) return folder;
  const draft = `${folder}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  writeChannel(draft, packagesOf(size));
  renameSync(draft, folder);
  return folder;
}

function packagesOf({ packages, filesInEach }: ChannelSize): FixturePackage[] {
  const names = Array.from({ length: packages }, (_, at) => `package-${at}`);
  const made = names.map(
    (name, at): FixturePackage => ({
      name,
      depends: names.slice(Math.max(0, at - NEEDS), at),
      files: filesOf(name, filesInEach),
    }),
  );
  return [...made, { name: ALL, depends: names }, { name: ONE_MORE, files: filesOf(ONE_MORE, 10) }];
}

function filesOf(name: string, count: number): FixtureTree {
  const files = Array.from({ length: count }, (_, at) => {
    const path = `lib/${name}/part-${Math.floor(at / IN_A_FOLDER)}/file-${at}.txt`;
    const text = `${name} ${at}\n`.repeat(20 + (at % 60));
    const withPrefix = { content: `${PLACEHOLDER}\n${text}`, placeholder: PLACEHOLDER };
    return [path, at % WITH_PREFIX === 0 ? withPrefix : text] as const;
  });
  return Object.fromEntries(files);
}
