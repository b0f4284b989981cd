/** `npm run demo`: a whole server with TLJH on this machine, and an address to look at it. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Ingredients, prepareIngredients } from "./demo/ingredients.ts";
import { bootWithSources, copyPlugin, copyRelease, runInstall } from "./demo/install.ts";
import { Progress, seconds } from "./demo/progress.ts";
import { demoFailed, ServerError } from "./server/errors.ts";
import { cacheDirectory, checkRequirements, type Forward, Server } from "./server/index.ts";
import { untilStopped } from "./server/until-stopped.ts";

const HELP = `A whole server with TLJH on this machine, without a connection to the outside.

Usage: npm run demo -- [options]

  --port PORT          of 127.0.0.1 at which the hub is reached (8000, or a free one)
  --password PASSWORD  of the user "admin" (a random one)
  --plugin SPEC        a plugin's folder or spec; repeatable (examples/plugins/tljh-simple)
  --keep               keep the server's files, to boot it again later
  --help               this text

The first start takes a few minutes; what it makes is kept below TLJH_CACHE
(now ${cacheDirectory()}).
`;

const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const DEFAULT_PORT = 8000;

interface Options {
  readonly port: number | null;
  readonly password: string;
  readonly plugins: readonly string[];
  readonly keep: boolean;
}

function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string" },
      password: { type: "string" },
      plugin: { type: "string", multiple: true },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return null;
  const port = values.port === undefined ? null : Number(values.port);
  if (port !== null && !(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new TypeError(`--port ${values.port} is no port: it is a number from 0 to 65535`);
  }
  return {
    port,
    password: values.password ?? randomBytes(9).toString("base64url"),
    plugins: values.plugin ?? [join(PROJECT, "examples/plugins/tljh-simple")],
    keep: values.keep,
  };
}

/** The wanted port; without a wish the usual one, or a free one when that is taken. */
async function forwardTo(server: Server, wanted: number | null): Promise<Forward> {
  if (wanted !== null) return server.forward(80, wanted);
  return server.forward(80, DEFAULT_PORT).catch((error) => {
    if (error instanceof ServerError && error.code === "SERVER_PORT_TAKEN")
      return server.forward(80);
    throw error;
  });
}

/** Makes a server with TLJH on it; `made` gets it, and what it needs, as soon as it is there. */
async function install(
  options: Options,
  progress: Progress,
  made: (server: Server, forged: Ingredients["forged"]) => void,
): Promise<Server> {
  const step: Progress["step"] = (title, work) => progress.step(title, work);
  const release = join(PROJECT, "dist/tljh");
  const ingredients = await prepareIngredients({ cacheDir: cacheDirectory(), release, step });
  const server = await step("copy the plain server", () =>
    Server.create({ base: ingredients.base, kept: options.keep }),
  );
  made(server, ingredients.forged);
  const sources = await step("boot it", () => bootWithSources(server, ingredients));
  const plugins = await step("copy the release and the plugins to it", async () => {
    await copyRelease(server, ingredients.release);
    return Promise.all(options.plugins.map((spec) => copyPlugin(server, spec)));
  });
  await step("tljh install", async () => {
    const result = await runInstall(server, {
      sources,
      admins: [`admin:${options.password}`],
      plugins,
      onLine: (line) => progress.line(`    ${line}`),
    });
    if (result.exitCode !== 0) throw demoFailed(result.exitCode);
  });
  return server;
}

async function show(server: Server, options: Options, began: number): Promise<void> {
  const forward = await forwardTo(server, options.port);
  process.stdout.write(`
The hub is up, after ${seconds(performance.now() - began)}.

    address   ${forward.url}
    user      admin
    password  ${options.password}

    a shell on the server: node tools/server/cli.ts shell ${server.name}

Ctrl-C takes everything down.
`);
}

async function keep(server: Server, forged: Ingredients["forged"]): Promise<void> {
  await server.stop();
  process.stdout.write(`its files stay. To boot it again, and to remove it:
    node tools/server/cli.ts boot ${server.name} --forward 80:${DEFAULT_PORT} \\
      --apt ${forged.apt} --channel ${forged.directory}
    node tools/server/cli.ts destroy ${server.name}
`);
}

async function demo(options: Options): Promise<void> {
  const began = performance.now();
  const stopped = untilStopped();
  let takeDown = async (): Promise<void> => {};
  const ready = install(options, new Progress(), (server, forged) => {
    takeDown = () => (options.keep ? keep(server, forged) : server.destroy());
  }).then((server) => show(server, options, began));
  try {
    await Promise.race([stopped, ready]);
    await stopped;
  } finally {
    process.stdout.write("\ntaking everything down …\n");
    await takeDown();
  }
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) {
    process.stdout.write(HELP);
    return 0;
  }
  checkRequirements();
  await demo(options);
  return 0;
}

try {
  process.exit(await main());
} catch (error) {
  const remedy = error instanceof ServerError ? `\n${error.remedy}` : "";
  const text = error instanceof ServerError || error instanceof TypeError ? error.message : error;
  process.stderr.write(`\n${text instanceof Error ? text.stack : text}${remedy}\n`);
  process.exit(1);
}
