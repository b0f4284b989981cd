/** Test servers by hand: `node tools/server/cli.ts --help`. */
import { parseArgs } from "node:util";
import { makeBase } from "./base.ts";
import { serveChannel } from "./channel.ts";
import { ServerError } from "./errors.ts";
import { checkRequirements } from "./requirements.ts";
import { Server } from "./server.ts";
import { cacheDirectory, listServers } from "./state.ts";
import { cleanLeftovers } from "./teardown.ts";
import { untilStopped } from "./until-stopped.ts";

const HELP = `Throw-away Debian servers, booted with their own systemd.

Usage: node tools/server/cli.ts <command> [arguments]

  make NAME                  make a server that stays until it is destroyed
  boot NAME [options]        boot it, and keep it running until Ctrl-C
      --forward PORT[:HERE]    lead a port of this machine's 127.0.0.1 to it (repeatable)
      --apt FOLDER             give it this folder of .deb files as apt's only source
      --channel FOLDER         serve this folder to it
  run NAME [--user U] -- PROGRAM [ARGUMENT…]
                             run a program in a running server
  shell NAME [--user U]      open a shell in a running server
  destroy NAME               end it and remove its files
  list                       show the servers there are
  clean                      remove what killed runs left behind

Files are kept below TLJH_CACHE (now ${cacheDirectory()}).
`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function usage(message: string): ServerError {
  return new ServerError("SERVER_USAGE", message, "See --help.");
}

function nameIn(args: readonly string[]): string {
  const [name] = args;
  if (name === undefined) throw usage("the server's name is missing");
  return name;
}

async function make(args: string[]): Promise<number> {
  checkRequirements();
  const name = nameIn(args);
  const base = await makeBase({
    cacheDir: cacheDirectory(),
    onEvent: (event) => event.type === "base-started" && say("making the base server …"),
  });
  await Server.create({ base, name, kept: true });
  say(`made ${name}; boot it with: boot ${name}`);
  return 0;
}

async function boot(args: string[]): Promise<number> {
  checkRequirements();
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      forward: { type: "string", multiple: true, default: [] },
      apt: { type: "string" },
      channel: { type: "string" },
    },
  });
  const server = Server.attach(nameIn(positionals));
  const failed = await server.boot(values.apt === undefined ? {} : { apt: values.apt });
  say(failed.length > 0 ? `booted; failed units: ${failed.join(", ")}` : "booted");
  if (values.channel !== undefined) {
    say(`inside it, ${(await serveChannel(server, values.channel)).url} is ${values.channel}`);
  }
  for (const text of values.forward) {
    const [port = 0, here = 0] = text.split(":").map(Number);
    say(`${(await server.forward(port, here)).url} leads to its port ${port}`);
  }
  say("Ctrl-C stops it");
  await untilStopped();
  await server.stop();
  return 0;
}

async function inside(args: string[], fallback: readonly string[]): Promise<number> {
  const cut = args.indexOf("--");
  const own = cut < 0 ? args : args.slice(0, cut);
  const argv = cut < 0 ? fallback : args.slice(cut + 1);
  const { values, positionals } = parseArgs({
    args: own,
    allowPositionals: true,
    options: { user: { type: "string" } },
  });
  if (argv.length === 0) throw usage("the program to run is missing; it stands after --");
  const server = Server.attach(nameIn(positionals));
  const running = await server.spawn(argv, {
    stdio: "inherit",
    env: { TERM: process.env.TERM ?? "dumb" },
    ...(values.user === undefined ? {} : { user: values.user }),
  });
  // A Ctrl-C is for the program in the server, which gets it from the terminal as well.
  process.on("SIGINT", () => {});
  return running.ended;
}

async function list(): Promise<number> {
  for (const { name } of listServers(cacheDirectory())) {
    say(`${name} ${Server.attach(name).isRunning ? "running" : "stopped"}`);
  }
  return 0;
}

async function clean(): Promise<number> {
  const names = await cleanLeftovers(cacheDirectory());
  say(names.length > 0 ? `removed ${names.join(", ")}` : "nothing was left behind");
  return 0;
}

async function destroy(args: string[]): Promise<number> {
  await Server.attach(nameIn(args)).destroy();
  return 0;
}

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  make,
  boot,
  run: (args) => inside(args, []),
  shell: (args) => inside(args, ["bash", "-l"]),
  destroy,
  list,
  clean,
};

async function main(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  const isHelp = command === undefined || command === "--help" || rest[0] === "--help";
  if (isHelp) {
    process.stdout.write(HELP);
    return command === undefined ? 2 : 0;
  }
  const action = COMMANDS[command];
  if (action === undefined) throw usage(`there is no command "${command}"`);
  return action(rest);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ServerError) && !(error instanceof TypeError)) throw error;
  const remedy = error instanceof ServerError ? error.remedy : "See --help.";
  process.stderr.write(`${error.message}\n${remedy}\n`);
  process.exitCode = 1;
}
