import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pack, type Sandbox, type Tree, writeTree } from "./fixtures.ts";

/** Adds packages to a sandbox as archives, and a registry of them that its `.npmrc` names. */
export async function withRegistry(box: Sandbox, packages: Readonly<Record<string, Tree>>) {
  const archives = new Map<string, Buffer>();
  const versions: Record<string, Record<string, unknown>> = {};
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "").slice(1);
    const body = archives.get(path) ?? packument(versions[path]);
    response.writeHead(body === undefined ? 404 : 200).end(body ?? "{}");
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  for (const [key, tree] of Object.entries(packages)) {
    const work = join(box.folder, "archives", key);
    await writeTree(join(work, "package"), tree);
    pack(work, join(work, "a.tgz"));
    const data = await readFile(join(work, "a.tgz"));
    const manifest = JSON.parse(await readFile(join(work, "package", "package.json"), "utf8"));
    const tarball = `${manifest.name}-${manifest.version}.tgz`;
    const integrity = `sha512-${createHash("sha512").update(data).digest("base64")}`;
    archives.set(tarball, data);
    const dist = { tarball: url + tarball, integrity };
    versions[manifest.name] = {
      ...versions[manifest.name],
      [manifest.version]: { ...manifest, dist },
    };
  }
  await mkdir(box.paths.plugins, { recursive: true });
  await writeFile(join(box.paths.plugins, ".npmrc"), `; the test's own\nregistry=${url}\n`);
  return { [Symbol.asyncDispose]: async () => void server.close() };
}

function packument(versions: Record<string, unknown> | undefined): string | undefined {
  if (versions === undefined) return undefined;
  const latest = Object.keys(versions).at(-1);
  const name = (Object.values(versions)[0] as { name: string }).name;
  return JSON.stringify({ name, versions, "dist-tags": { latest } });
}
