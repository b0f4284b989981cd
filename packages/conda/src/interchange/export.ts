import { channelName } from "../prefix/dist.ts";
import { readHistory, requestedSpecs } from "../prefix/history.ts";
import { pipDistributions } from "../prefix/pip.ts";
import { readPrefixRecords } from "../prefix/records.ts";
import { inDependencyOrder } from "../transaction/order.ts";
import type { Platform, PrefixRecord } from "../types.ts";
import { environmentYaml } from "./environment-yaml.ts";
import { explicitText } from "./explicit.ts";

export interface Exported {
  readonly text: string;
  /** What pip installed, which a lock of conda's packages cannot hold. */
  readonly left: readonly string[];
}

/** An `@EXPLICIT` lock of an environment: the same archives, with no solver asked. */
export function exportExplicit(
  prefix: string,
  options: { readonly platform: Platform; readonly md5?: boolean },
): Exported {
  const records = inDependencyOrder(readPrefixRecords(prefix));
  return { text: explicitText(records, options), left: pipRequirements(prefix, records) };
}

export interface YamlOptions {
  readonly name: string;
  /** As the environment is made from them; others that something is from come after. */
  readonly channels: readonly string[];
  /** What was asked for, and no more. */
  readonly fromHistory?: boolean;
  /** Leave the builds out, which are of one platform. */
  readonly withoutBuilds?: boolean;
}

/** An environment.yml, pip's packages included. */
export function exportYaml(prefix: string, options: YamlOptions): string {
  const records = readPrefixRecords(prefix);
  const used = records.map(({ channel }) => channelName(channel)).filter((name) => name !== "");
  const specs = options.fromHistory
    ? requestedSpecs(readHistory(prefix), new Set(records.map(({ name }) => name))).values()
    : records.map((record) => exactSpec(record, options.withoutBuilds === true));
  return environmentYaml({
    name: options.name,
    channels: [...new Set([...options.channels.map(channelName), ...used])],
    specs: [...specs].sort(),
    pip: pipRequirements(prefix, records),
  });
}

function exactSpec({ name, version, build }: PrefixRecord, withoutBuild: boolean): string {
  return [name, version, ...(withoutBuild ? [] : [build])].join("=");
}

function pipRequirements(prefix: string, records: readonly PrefixRecord[]): string[] {
  return pipDistributions(prefix, records).map(({ name, version }) => `${name}==${version}`);
}
