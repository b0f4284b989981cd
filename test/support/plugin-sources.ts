import { createHash } from "node:crypto";
import { once } from "node:events";
import { gzipSync } from "node:zlib";
import { writeTar } from "../../tools/debforge/archive/tar.ts";
import { writeZip } from "../../tools/debforge/archive/zip.ts";
import type { Server } from "../../tools/server/index.ts";

/** Where a server under test has its registry of npm and its package index, as files. */
const REGISTRY = "/srv/registry";
const INDEX = "/srv/index/simple";
const PORT = 8898;

/** A published plugin: its one file, in JavaScript or Python. */
export interface Published {
  readonly name: string;
  readonly version: string;
  readonly text: string;
}

/** Answers with the files of a folder, whose names are those in the address. */
const SERVE = `const { createServer } = require("node:http"); const { readFile } = require("node:fs");
createServer(({ url }, answer) => readFile("${REGISTRY}/" + decodeURIComponent(url.slice(1)).split("/").at(-1), (error, data) =>
  answer.writeHead(error ? 404 : 200).end(error ? "{}" : data))).listen(${PORT}, "127.0.0.1", () => console.log("up"));`;

/** Has npm and pip on the server find what is published there, beside what pip finds already. */
export async function openPluginSources(server: Server, index: string): Promise<void> {
  await server.must(["mkdir", "-p", REGISTRY, INDEX, "/opt/tljh/plugins"]);
  await server.writeFile("/opt/tljh/plugins/.npmrc", `registry=http://127.0.0.1:${PORT}/\n`);
  const pip = `[global]\nindex-url = ${index}\nextra-index-url = file://${INDEX}/\n`;
  await server.writeFile("/etc/pip.conf", pip);
  const serving = await server.spawn(["/root/tljh/bin/node", "-e", SERVE]);
  if (serving.child.stdout) await once(serving.child.stdout, "data");
}

/** Publishes versions of one package, instead of what there was of it. */
export async function publishNpm(server: Server, versions: readonly Published[]): Promise<void> {
  const all: Record<string, object> = {};
  for (const { name, version, text } of versions) {
    const manifest = {
      name,
      version,
      type: "module",
      tljh: { plugins: { [name.replace(/^tljh-/, "")]: "./plugin.js" } },
    };
    const files = { "package.json": JSON.stringify(manifest), "plugin.js": text };
    const entries = Object.entries(files).map(
      ([file, content]) =>
        ({
          path: `package/${file}`,
          kind: "file",
          mode: 0o644,
          data: Buffer.from(content),
        }) as const,
    );
    const data = gzipSync(writeTar(entries, 0));
    const file = `${name}-${version}.tgz`;
    await server.writeFile(`${REGISTRY}/${file}`, data);
    const integrity = `sha512-${createHash("sha512").update(data).digest("base64")}`;
    const tarball = `http://127.0.0.1:${PORT}/${file}`;
    all[version] = { ...manifest, dist: { tarball, integrity } };
  }
  const name = versions[0]?.name ?? "";
  const packument = {
    name,
    versions: all,
    "dist-tags": { latest: versions.at(-1)?.version },
  };
  await server.writeFile(`${REGISTRY}/${name}`, JSON.stringify(packument));
}

/** Publishes versions of one project, instead of what there was of it. */
export async function publishPip(server: Server, versions: readonly Published[]): Promise<void> {
  const name = versions[0]?.name ?? "";
  const links: string[] = [];
  for (const { version, text } of versions) {
    const module = name.replaceAll("-", "_");
    const info = `${module}-${version}.dist-info`;
    const plugin = name.replace(/^tljh-/, "");
    const files: Record<string, string> = {
      [`${module}.py`]: text,
      [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
      [`${info}/WHEEL`]:
        "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
      [`${info}/entry_points.txt`]: `[tljh]\n${plugin} = ${module}\n`,
    };
    files[`${info}/RECORD`] = [...Object.keys(files), `${info}/RECORD`]
      .map((path) => `${path},,\n`)
      .join("");
    const members = Object.entries(files).map(([path, content]) => ({
      name: path,
      data: Buffer.from(content),
    }));
    const file = `${module}-${version}-py3-none-any.whl`;
    const data = writeZip(members);
    await server.writeFile(`${INDEX}/${name}/${file}`, data);
    const digest = createHash("sha256").update(data).digest("hex");
    links.push(`<a href="${file}#sha256=${digest}">${file}</a><br>`);
  }
  const page = `<!DOCTYPE html><html><body>${links.join("\n")}</body></html>\n`;
  await server.writeFile(`${INDEX}/${name}/index.html`, page);
}
