import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Arborist from "@npmcli/arborist";
import { readTextOrNull } from "../system/files.ts";

export interface NpmOptions {
  /** Where npm keeps what it downloaded. */
  readonly cache: string;
  /** A folder whose `.npmrc` is honoured: registry, certificates, tokens. */
  readonly settings: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Makes `node_modules` of a folder what its `package.json`, with packages added and removed, asks for.
 *
 * No package's own scripts are run. Peer dependencies are not installed: a plugin's peer is this
 * program, which no package of a registry may stand in for. Links become copies.
 * Gives back the names of the packages added and removed.
 */
export async function npmInstall(
  folder: string,
  changes: { readonly add?: readonly string[]; readonly rm?: readonly string[] },
  options: NpmOptions,
): Promise<string[]> {
  const arborist = await openFolder(folder, options);
  await arborist.reify({ ...changes, omit: ["dev"], save: true });
  return [...arborist.explicitRequests].map((request) => request.name);
}

/** A package as npm would install it now. */
export interface NpmPackage {
  readonly package: string;
  readonly version: string;
  readonly integrity?: string;
  /** Where it comes from, if from no registry. */
  readonly resolved?: string;
}

/** What a spec leads to today, without installing anything. */
export async function npmResolve(spec: string, options: NpmOptions): Promise<NpmPackage> {
  const folder = await mkdtemp(join(tmpdir(), "tljh-npm-"));
  try {
    const arborist = await openFolder(folder, options);
    const tree = await arborist.buildIdealTree({ add: [spec] });
    const [name = spec] = [...arborist.explicitRequests].map((request) => request.name);
    const node = tree.children.get(name);
    return {
      package: name,
      version: node?.version ?? "",
      ...present("integrity", node?.integrity ?? undefined),
      ...(node?.isRegistryDependency ? {} : present("resolved", node?.resolved ?? undefined)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function openFolder(folder: string, options: NpmOptions): Promise<Arborist> {
  // Loaded when needed: it is large. Only the default export is there in a bundle as well.
  const { default: Arborist } = await import("@npmcli/arborist");
  return new Arborist({
    path: folder,
    cache: options.cache,
    ignoreScripts: true,
    legacyPeerDeps: true,
    installLinks: true,
    audit: false,
    fund: false,
    // The lock is part of the server's own, which names no registry.
    omitLockfileRegistryResolved: true,
    ...(await registryOptions(options)),
  });
}

/** What npm's settings say of registries, by `npm_config_<name>` and `.npmrc`; the former come first. */
export async function registryOptions(
  options: Pick<NpmOptions, "settings" | "env">,
): Promise<Record<string, unknown>> {
  const { env = process.env, settings } = options;
  const written = parseNpmrc((await readTextOrNull(join(settings, ".npmrc"))) ?? "");
  const value = (name: string): string | undefined =>
    env[`npm_config_${name}`] ?? env[`NPM_CONFIG_${name.toUpperCase()}`] ?? written[name];
  const certificates = value("cafile");
  return {
    ...written,
    ...present("registry", value("registry")),
    ...(certificates ? { ca: await readCertificates(certificates) } : {}),
  };
}

function present(name: string, value: string | undefined): Record<string, string> {
  return value ? { [name]: value } : {};
}

/** `name=value` lines; `;` and `#` begin comments. */
function parseNpmrc(text: string): Record<string, string> {
  const lines = text.split("\n").map((line) => line.trim());
  const settings = lines.filter((line) => /^[^;#=]+=/.test(line));
  return Object.fromEntries(
    settings.map((line) => {
      const [name = "", ...rest] = line.split("=");
      return [name.trim(), rest.join("=").trim()];
    }),
  );
}

async function readCertificates(file: string): Promise<string[]> {
  const text = await readFile(file, "utf8");
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
}
