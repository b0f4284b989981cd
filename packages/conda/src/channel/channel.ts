import { keepCredentials } from "../fetch/credentials.ts";
import type { Platform, Subdir } from "../types.ts";
import { channelInvalid, platformUnsupported } from "./messages.ts";

/** Where a channel that is given by name is, as in conda's `channel_alias`. */
const CHANNEL_ALIAS = "https://conda.anaconda.org";

const PLATFORMS: ReadonlyMap<string, Platform> = new Map([
  ["linux x64", "linux-64"],
  ["linux arm64", "linux-aarch64"],
]);

/**
 * A channel's URL without a slash at the end, from a name (`conda-forge`, `bioconda/label/dev`) or a
 * URL. Credentials in it are kept for requests, but are not in the answer.
 */
export function channelUrl(channel: string): string {
  const written = channel.trim().replace(/\/+$/, "");
  if (/^(?:https?|file):\/\/./.test(written) && URL.canParse(written)) {
    const url = keepCredentials(written);
    return new URL(url).href.replace(/\/+$/, "");
  }
  if (/^[\w.-]+(?:\/[\w.-]+)*$/.test(written) && !/^\.{1,2}(?:\/|$)/.test(written)) {
    return `${CHANNEL_ALIAS}/${written}`;
  }
  throw channelInvalid(channel);
}

/** Throws CONDA_PLATFORM_UNSUPPORTED. */
export function currentPlatform(
  system: string = process.platform,
  architecture: string = process.arch,
): Platform {
  const platform = PLATFORMS.get(`${system} ${architecture}`);
  if (platform === undefined) throw platformUnsupported(`${system} ${architecture}`);
  return platform;
}

/** The folders of a channel that a platform installs from. */
export function subdirsOf(platform: Platform): readonly Subdir[] {
  return [platform, "noarch"];
}
