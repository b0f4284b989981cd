import * as z from "zod";
import { isExplained } from "../../errors/error.ts";
import {
  pluginLockMalformed,
  pluginLockMissing,
  pluginLockVersion,
} from "../../errors/plugin-lock.ts";
import { readTextOrNull } from "../../system/files.ts";
import { isUsableSpec } from "../classify.ts";
import { PACKAGE_NAME } from "../manifest.ts";

/**
 * `config/plugins.lock.json`: the plugins of a server as they are installed, so that the same can be
 * installed again. Addresses in it hold no passwords, and registries are not named.
 */

const HEX = (length: string) => new RegExp(`^[0-9a-f]{${length}}$`);
const PROJECT = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9.!+_~-]*$/;
/** One algorithm or several, as npm writes them (Subresource Integrity). */
const INTEGRITY = /^(?:sha\d{3}-[A-Za-z0-9+/]+={0,2}(?:\s+|$))+$/;
/** Where npm puts a package. Nothing else may be named: the installation runs as root. */
const MODULE =
  /^node_modules\/(?:@[\w.~-]+\/)?[\w.~-]+(?:\/node_modules\/(?:@[\w.~-]+\/)?[\w.~-]+)*$/;

const sha256 = z.string().regex(HEX("64"), "is no SHA-256");
const version = z.string().regex(VERSION, "is no version");
const npmName = z.string().regex(PACKAGE_NAME, "is no name of a package");
const pythonName = z.string().regex(PROJECT, "is no name of a package");
const address = z.string().regex(/^[a-z][a-z0-9+.-]*:\/\/[^\s]+$/, "is no address");
const folder = z.string().startsWith("/", "is no absolute path");
const spec = z.string().refine(isUsableSpec, "cannot name a plugin");

/** One archive that pip installed, or one repository that it installed from: then `url` has the commit. */
const archive = z.strictObject({
  name: pythonName,
  version,
  sha256: sha256.optional(),
  url: address.optional(),
});

const npmPackage = z
  .record(z.string(), z.unknown())
  .refine((one) => one.link === undefined, "is a link");

/** What npm's own `package-lock.json` says, without the addresses of registries. */
const npmTree = z.strictObject({
  lockfileVersion: z.literal(3),
  packages: z.record(
    z.string().refine((key) => isModule(key), "is no place of a package"),
    npmPackage,
  ),
});

const isModule = (key: string) =>
  key === "" || (MODULE.test(key) && !/(?:^|\/)\.\.?(?:\/|$)/.test(key));

const plugin = z.discriminatedUnion("kind", [
  z.strictObject({
    spec: spec.refine((text) => text.startsWith("npm:"), "does not begin with npm:"),
    kind: z.literal("npm"),
    package: npmName,
    version,
    integrity: z.string().regex(INTEGRITY, "is no integrity").optional(),
    /** Of a package that comes from no registry: its address, with the commit of a repository. */
    resolved: z.string().optional(),
  }),
  z.strictObject({
    spec: spec.and(folder),
    kind: z.literal("folder-npm"),
    package: npmName,
    /** As its manifest has it: only shown. */
    version: z.string(),
    content: sha256,
    npm: npmTree.optional(),
  }),
  z.strictObject({
    spec: spec.and(folder),
    kind: z.literal("folder-python"),
    package: pythonName,
    version,
    content: sha256,
    archives: z.array(archive),
  }),
  z.strictObject({
    spec,
    kind: z.literal("pip"),
    package: pythonName,
    version,
    archives: z.array(archive),
  }),
]);

const lock = z.strictObject({
  version: z.literal(1),
  channels: z.array(z.string()),
  userRequirementsTxtUrl: z.string().nullable().default(null),
  disabled: z.array(z.string()).default([]),
  plugins: z.array(plugin),
  /** Of all plugins from npm together, which share their dependencies. */
  npm: npmTree.optional(),
});

export type PluginLock = z.infer<typeof lock>;
export type LockedPlugin = z.infer<typeof plugin>;
export type LockedArchive = z.infer<typeof archive>;
export type NpmTree = z.infer<typeof npmTree>;
export type Locked<Kind extends LockedPlugin["kind"]> = Extract<LockedPlugin, { kind: Kind }>;

/** The lock in a file; null if there is none. */
export async function readLock(path: string): Promise<PluginLock | null> {
  const text = await readTextOrNull(path);
  return text === null ? null : parseLock(text, path);
}

/** The lock in a file that an admin has named. */
export async function requireLock(path: string): Promise<PluginLock> {
  const found = await readLock(path).catch((cause: unknown) => {
    throw isExplained(cause) ? cause : pluginLockMalformed(path, "it cannot be read", cause);
  });
  if (found === null) throw pluginLockMissing(path);
  return found;
}

/** Understands a lock, or says what is wrong with it: whoever wrote it need not be who applies it. */
export function parseLock(text: string, path: string): PluginLock {
  const parsed = lock.safeParse(asJson(text, path));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw pluginLockMalformed(path, `${issue?.path.join(".")}: ${issue?.message}`);
  }
  const problem = contradiction(parsed.data);
  if (problem !== undefined) throw pluginLockMalformed(path, problem);
  return parsed.data;
}

export function formatLock(value: PluginLock): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function asJson(text: string, path: string): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw pluginLockMalformed(path, "it is not JSON", cause);
  }
  const found = (json as { version?: unknown } | null)?.version;
  if (found !== undefined && found !== 1) throw pluginLockVersion(path, found);
  return json;
}

/** What no single entry shows. */
function contradiction({ plugins, npm }: PluginLock): string | undefined {
  const specs = new Set<string>();
  for (const one of plugins) {
    if (specs.has(one.spec)) return `${one.spec} stands in it twice`;
    specs.add(one.spec);
    if (one.kind !== "npm") continue;
    const locked = npm?.packages[`node_modules/${one.package}`];
    if (locked && (locked.version !== one.version || locked.integrity !== one.integrity)) {
      return `${one.package} is ${one.version} with ${one.integrity} among the plugins, and ${locked.version} with ${locked.integrity} below npm`;
    }
  }
  return undefined;
}
