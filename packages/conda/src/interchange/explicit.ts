import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { keepCredentials, redactUrl } from "../fetch/credentials.ts";
import type { Platform, PrefixRecord } from "../types.ts";
import type { ExplicitFile, ExplicitPackage } from "./environment-file.ts";
import { environmentFileInvalid, type FileProblem } from "./messages.ts";

const MARK = "@EXPLICIT";

export function isExplicit(text: string): boolean {
  return text.split("\n").some((line) => line.trim() === MARK);
}

/** The lines of `conda list --explicit`, of conda, mamba and micromamba alike: an address, and a hash behind `#`. */
export function parseExplicit(text: string, file: string, platform: Platform): ExplicitFile {
  const problems: FileProblem[] = [];
  const packages = new Map<string, ExplicitPackage>();
  for (const [index, written] of text.split("\n").entries()) {
    const line = written.trim();
    if (line === "" || line.startsWith("#") || line === MARK) continue;
    const read = parseLine(line, platform);
    if (typeof read === "string") problems.push({ line: index + 1, text: read });
    else if (packages.has(read.name)) problems.push({ line: index + 1, text: twice(read) });
    else packages.set(read.name, read);
  }
  if (packages.size + problems.length === 0) problems.push({ text: "it lists no package" });
  if (problems.length > 0) throw environmentFileInvalid(file, problems);
  return { kind: "explicit", packages: [...packages.values()] };
}

const twice = ({ name }: ExplicitPackage) => `${name} is listed twice`;

/** What a line says, or what is wrong with it. */
function parseLine(line: string, platform: Platform): ExplicitPackage | string {
  const [written = "", hash, ...more] = line.split("#");
  const address = isAbsolute(written) ? pathToFileURL(written).href : written;
  if (!/^(?:https?|file):\/\//.test(address) || !URL.canParse(address)) {
    return `${JSON.stringify(redactUrl(line))} is no address of a package: https://…, file://… or a path from / on`;
  }
  const [, place, subdir = "", fn = ""] = /^(.+?\/([^/]+))\/([^/]+)$/.exec(address) ?? [];
  const [, name, version, build] =
    /^(\w[\w.+-]*)-(\w[\w.+!~]*)-(\w[\w.+]*)\.(?:conda|tar\.bz2)$/.exec(fn) ?? [];
  if (place === undefined || !name || !version || !build) {
    return `${redactUrl(address)} does not end in the name of a package, such as numpy-2.1.0-py313_0.conda`;
  }
  if (subdir !== platform && subdir !== "noarch") {
    return `${fn} is for ${subdir}, and this server is ${platform}`;
  }
  const read = more.length > 0 ? undefined : readHash(hash);
  if (read === undefined) return `the hash of ${fn} is neither an MD5 nor a SHA-256`;
  const channel = keepCredentials(place);
  return { name, version, build, subdir, fn, url: `${channel}/${fn}`, channel, ...read };
}

function readHash(text: string | undefined): Pick<ExplicitPackage, "md5" | "sha256"> | undefined {
  if (text === undefined) return {};
  const hash = text.toLowerCase();
  if (/^[0-9a-f]{32}$/.test(hash)) return { md5: hash };
  const sha256 = /^(?:sha256:)?([0-9a-f]{64})$/.exec(hash)?.[1];
  return sha256 === undefined ? undefined : { sha256 };
}

export interface ExplicitOptions {
  readonly platform: Platform;
  /** Hashes that tools from before 2024 know as well. */
  readonly md5?: boolean;
}

/** A lock of what is installed, dependencies first as they are given. Addresses have no credentials. */
export function explicitText(
  records: readonly PrefixRecord[],
  { platform, md5 = false }: ExplicitOptions,
): string {
  const lines = records.map((record) => redactUrl(record.url) + hashText(record, md5));
  return `# platform: ${platform}\n${MARK}\n${lines.map((line) => `${line}\n`).join("")}`;
}

function hashText({ sha256, md5 }: PrefixRecord, isOld: boolean): string {
  if (md5 !== undefined && (isOld || sha256 === undefined)) return `#${md5}`;
  return sha256 === undefined ? "" : `#sha256:${sha256}`;
}
