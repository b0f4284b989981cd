import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";
import ts from "typescript";

/** What authors import, as `tljh/<name>`. */
const modules = ["hooks", "testing"] as const;

const source = (root: string, name: string) => join(root, "packages/tljh/src", `${name}.ts`);

/**
 * Makes the npm package `tljh`, with which an author's editor and compiler know `tljh/hooks` and
 * `tljh/testing`. It needs no other package. On a server these names mean the running program, not this.
 */
export async function packSdk(root: string, version: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  await Promise.all([
    writeFile(join(target, "package.json"), `${JSON.stringify(manifest(version), null, 2)}\n`),
    writeFile(join(target, "README.md"), readme),
    cp(join(root, "LICENSE"), join(target, "LICENSE")),
    writeJavaScript(root, target),
    writeTypes(root, target),
  ]);
}

const manifest = (version: string) => ({
  name: "tljh",
  version,
  description: "What plugins of The Littlest JupyterHub import",
  license: "BSD-3-Clause",
  type: "module",
  engines: { node: ">=22.18" },
  exports: Object.fromEntries(
    modules.map((name) => [`./${name}`, { types: `./${name}.d.ts`, default: `./${name}.js` }]),
  ),
});

const readme = `# tljh

What plugins of The Littlest JupyterHub import: \`tljh/hooks\`, and for their tests \`tljh/testing\`, with types.

\`\`\`
npm install --save-dev /opt/tljh/app/sdk
\`\`\`

On a server both names mean the program that runs there, so a plugin does not depend on this package.
`;

async function writeJavaScript(root: string, target: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(modules.map((name) => [name, source(root, name)])),
    outdir: target,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22",
    chunkNames: "chunk-[hash]",
    logLevel: "warning",
  });
}

async function writeTypes(root: string, target: string): Promise<void> {
  const declarations = declare(root);
  const needed = new Map<string, string>();
  for (const name of modules) collect(source(root, name), { root, declarations, needed });
  for (const [file, text] of needed) {
    const path = join(target, "types", inPackages(root, file));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  for (const name of modules) {
    const inner = inPackages(root, source(root, name)).replace(/\.d\.ts$/, ".js");
    await writeFile(join(target, `${name}.d.ts`), `export * from "./types/${inner}";\n`);
  }
}

const pluggy = (root: string) => join(root, "packages/pluggy/src/index.ts");

/** Where a source's declarations stand below `types`. */
const inPackages = (root: string, file: string) =>
  relative(join(root, "packages"), file).replace(/\.ts$/, ".d.ts");

/** The declarations of all that the modules import, by the path of the source. */
function declare(root: string): Map<string, string> {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
  const names = modules.map((name) => source(root, name));
  const program = ts.createProgram(names, {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    outDir: root,
    // Found by the name of a package, it would count as somebody else's and have no declarations made.
    paths: { "@tljh/pluggy": [pluggy(root)] },
  });
  const found = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (_, text, _mark, _error, files) => {
    for (const { fileName } of files ?? []) found.set(fileName, text);
  });
  const [wrong] = diagnostics;
  if (wrong) throw new Error(ts.flattenDiagnosticMessageText(wrong.messageText, "\n"));
  return found;
}

interface Collecting {
  readonly root: string;
  readonly declarations: ReadonlyMap<string, string>;
  readonly needed: Map<string, string>;
}

/** Takes a declaration file and those that it refers to, and makes each reference one within the package. */
function collect(file: string, collecting: Collecting): void {
  const { root, declarations, needed } = collecting;
  if (needed.has(file)) return;
  const text = declarations.get(file);
  if (text === undefined) throw new Error(`there are no declarations of ${file}`);
  let own = text;
  needed.set(file, own);
  for (const { fileName: specifier, pos } of ts.preProcessFile(text).importedFiles.toReversed()) {
    if (specifier.startsWith("node:")) continue;
    const referred = sourceOf(root, file, specifier);
    collect(referred, collecting);
    const path = relative(dirname(file), referred).replace(/\.ts$/, ".js");
    const quoted = `"${path.startsWith(".") ? path : `./${path}`}"`;
    own = own.slice(0, pos) + quoted + own.slice(pos + specifier.length + 2);
  }
  needed.set(file, own);
}

function sourceOf(root: string, file: string, specifier: string): string {
  if (specifier.startsWith(".")) return join(dirname(file), specifier);
  if (specifier === "@tljh/pluggy") return pluggy(root);
  throw new Error(`the types in ${file} need ${specifier}, which authors do not have`);
}
