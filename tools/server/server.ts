import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import {
  makeNetwork,
  startConnector,
  startHelper,
  startNspawn,
  waitBooted,
  waitInit,
} from "./boot.ts";
import { enterArgv, findUser, loginEnvironment } from "./enter.ts";
import {
  notRunning,
  programFailed,
  serverExists,
  snapshotUnknown,
  stillRunning,
} from "./errors.ts";
import { type Forward, openForward } from "./forward.ts";
import {
  exitOf,
  isAlive,
  killInside,
  must,
  processId,
  type RunOptions,
  type RunResult,
  run,
  runRaw,
} from "./process.ts";
import {
  cacheDirectory,
  readState,
  type ServerPaths,
  type ServerState,
  serverPaths,
  writeState,
} from "./state.ts";
import { cleanLeftovers, destroyServer, stopServer } from "./teardown.ts";
import { startWatchdog } from "./watch.ts";

export interface CreateOptions {
  /** The folder that becomes the server's root by copying: a base server or a snapshot. */
  readonly base: string;
  /** A random one when absent. */
  readonly name?: string;
  readonly cacheDir?: string;
  /** True: the files stay when this process ends. */
  readonly kept?: boolean;
}

export interface BootOptions {
  /** Folders of this machine that the server sees read-only: path in the server → here. */
  readonly binds?: Readonly<Record<string, string>>;
  /** A folder of .deb files with an index, which becomes the server's only source for apt. */
  readonly apt?: string;
}

export interface InsideOptions extends RunOptions {
  /** Added to the environment of a login. */
  readonly env?: Readonly<Record<string, string>>;
  /** Who runs it; root when absent. */
  readonly user?: string;
  readonly cwd?: string;
}

/** A program that runs in the server. */
export interface Running {
  readonly child: ChildProcess;
  /** Its exit code. */
  readonly ended: Promise<number>;
  kill(signal?: NodeJS.Signals): void;
}

const copy = (from: string, to: string): Promise<unknown> =>
  must(["cp", "-a", "--reflink=auto", from, to]);

/** Arguments: the file's path, its mode. Whoever reads the file finds the old or the new. */
const WRITE_SCRIPT = `mkdir -p -- "$(dirname -- "$1")" && cat > "$1.new" &&
  chmod "$2" "$1.new" && mv -- "$1.new" "$1"`;

/** The place in the server where the folder given as `apt` is seen. */
const APT_PATH = "/srv/apt";

/**
 * A throw-away Debian server: a copied root folder, booted with its own systemd in a network of
 * its own, from which nothing outside of it can be reached.
 */
export class Server implements AsyncDisposable {
  readonly name: string;
  readonly paths: ServerPaths;
  readonly #cacheDir: string;
  readonly #forwards = new Set<Forward>();

  private constructor(cacheDir: string, name: string) {
    this.name = name;
    this.#cacheDir = cacheDir;
    this.paths = serverPaths(cacheDir, name);
  }

  /** Makes a stopped server; it is destroyed when this process ends, unless it is kept. */
  static async create(options: CreateOptions): Promise<Server> {
    const cacheDir = options.cacheDir ?? cacheDirectory();
    const name = options.name ?? `s${randomBytes(4).toString("hex")}`;
    const server = new Server(cacheDir, name);
    await cleanLeftovers(cacheDir);
    // The network's name is the machine's: another cache folder may have a server of this name.
    const { directory, namespacePath } = server.paths;
    if (existsSync(directory) || existsSync(namespacePath)) throw serverExists(name);
    startWatchdog(cacheDir);
    const kept = options.kept ?? false;
    const owner = processId(process.pid);
    writeState(server.paths, { version: 1, name, owner, kept, nspawn: null, init: null });
    await copy(options.base, server.paths.root);
    return server;
  }

  /** A server that some process made, for use by this one; it stays its maker's to destroy. */
  static attach(name: string, cacheDir: string = cacheDirectory()): Server {
    readState(cacheDir, name);
    return new Server(cacheDir, name);
  }

  get state(): ServerState {
    return readState(this.#cacheDir, this.name);
  }

  get isRunning(): boolean {
    return existsSync(this.paths.state) && isAlive(this.state.init);
  }

  /** Boots it and waits until all units have started; gives back the units that failed. */
  async boot(options: BootOptions = {}): Promise<string[]> {
    if (this.isRunning) throw stillRunning(this.name, "booting");
    await stopServer(this.#cacheDir, this.name, { orderly: false });
    startWatchdog(this.#cacheDir);
    const binds = { ...options.binds };
    if (options.apt !== undefined) {
      binds[APT_PATH] = options.apt;
      const source = `deb [trusted=yes] file:${APT_PATH} ./\n`;
      await writeFile(join(this.paths.root, "etc/apt/sources.list"), source);
    }
    const state = { ...this.state, owner: processId(process.pid) };
    writeState(this.paths, state);
    await makeNetwork(this.paths);
    const nspawn = startNspawn(this.paths, binds);
    writeState(this.paths, { ...state, nspawn });
    const init = await waitInit(this.paths, nspawn);
    writeState(this.paths, { ...state, nspawn, init });
    await startConnector(this.paths);
    return waitBooted(this.paths, init);
  }

  #init(): number {
    const { init } = this.state;
    if (init === null || !isAlive(init)) throw notRunning(this.name);
    return init.pid;
  }

  async #environment(options: InsideOptions): Promise<Record<string, string>> {
    if (options.user === undefined) return loginEnvironment(undefined, options.env);
    const passwd = await this.readFile("/etc/passwd");
    return loginEnvironment(findUser(passwd, options.user) ?? undefined, options.env);
  }

  #argv(argv: readonly string[], options: InsideOptions): string[] {
    const placed = options.cwd === undefined ? argv : ["env", "-C", options.cwd, ...argv];
    return enterArgv(this.#init(), placed, options.user);
  }

  /** Runs a program in the server, without a shell; gives back how it ended. */
  async run(argv: readonly string[], options: InsideOptions = {}): Promise<RunResult> {
    const env = await this.#environment(options);
    return run(this.#argv(argv, options), { ...options, env });
  }

  /** As `run`, but throws `SERVER_PROGRAM_FAILED` unless it exits with 0; gives back its output. */
  async must(argv: readonly string[], options: InsideOptions = {}): Promise<string> {
    const result = await this.run(argv, options);
    if (result.exitCode === 0) return result.stdout;
    throw programFailed(argv, result.exitCode, result.stderr || result.stdout);
  }

  /** Starts a program that goes on; it ends with the server at the latest. */
  async spawn(
    argv: readonly string[],
    options: Pick<InsideOptions, "env" | "user" | "cwd"> & {
      readonly stdio?: "pipe" | "inherit";
    } = {},
  ): Promise<Running> {
    const env = await this.#environment(options);
    const [file = "", ...args] = this.#argv(argv, options);
    const child = spawn(file, args, { env, stdio: options.stdio ?? "pipe" });
    // A signal to nsenter would leave the program behind.
    const kill = (name: NodeJS.Signals = "SIGTERM"): void => {
      if (child.pid !== undefined) killInside(child.pid, name);
    };
    return { child, ended: exitOf(child, file), kill };
  }

  /** The content of a file of the running server. */
  async readFile(path: string): Promise<string> {
    return (await this.readBytes(path)).toString();
  }

  async readBytes(path: string): Promise<Buffer> {
    const argv = ["cat", "--", path];
    const result = await runRaw(enterArgv(this.#init(), argv), { env: loginEnvironment() });
    if (result.exitCode !== 0) throw programFailed(argv, result.exitCode, result.stderr);
    return result.stdout;
  }

  /** Writes a file of the running server as root; `mode` is octal text. Makes its folder. */
  async writeFile(path: string, content: string | Buffer | Readable, mode = "0644"): Promise<void> {
    await this.must(["sh", "-c", WRITE_SCRIPT, "sh", path, mode], { input: content });
  }

  /** Copies a file or a folder of this machine into the running server, owned by root. */
  async copyIn(hostPath: string, path: string): Promise<void> {
    const found = statSync(hostPath);
    if (found.isDirectory()) return this.#copyFolder(hostPath, path);
    const mode = (found.mode & 0o777).toString(8);
    await this.writeFile(path, createReadStream(hostPath), mode);
  }

  async #copyFolder(hostPath: string, path: string): Promise<void> {
    await this.must(["mkdir", "-p", "--", path]);
    const pack = spawn("tar", ["--create", "--directory", hostPath, "."]);
    const packed = exitOf(pack, "tar");
    const unpack = ["tar", "--extract", "--no-same-owner", "--directory", path];
    await this.must(unpack, { input: pack.stdout });
    const exitCode = await packed;
    if (exitCode !== 0) throw programFailed(["tar", hostPath], exitCode, "");
  }

  /** Opens a port on this machine's 127.0.0.1 that leads to one of the server's, until it stops. */
  async forward(port: number, hostPort = 0): Promise<Forward> {
    this.#init();
    const forward = await openForward(this.paths.connector, port, hostPort);
    this.#forwards.add(forward);
    return forward;
  }

  /**
   * Starts one of this machine's programs in the server's network, where it can listen on the
   * server's 127.0.0.1; waits for its first line, and gives that back. It ends with the server.
   */
  async serve(argv: readonly string[]): Promise<string> {
    this.#init();
    return startHelper(this.paths, argv);
  }

  /** A port of the server's 127.0.0.1 that was free a moment ago. */
  async freePort(): Promise<number> {
    const script = `const s = require("node:net").createServer().listen(0, "127.0.0.1", () => {
      console.log(s.address().port); s.close(); });`;
    return Number(await this.serve([process.execPath, "-e", script]));
  }

  async #closeForwards(): Promise<void> {
    for (const forward of this.#forwards) await forward.close();
    this.#forwards.clear();
  }

  /** Powers it off in order. */
  async stop(): Promise<void> {
    await this.#closeForwards();
    await stopServer(this.#cacheDir, this.name, { orderly: true });
  }

  /**
   * Ends it at once and removes all of it; does nothing the second time. With `wait: false` its
   * files are removed in the background.
   */
  async destroy(options: { readonly wait: boolean } = { wait: true }): Promise<void> {
    await this.#closeForwards();
    if (existsSync(this.paths.state)) await destroyServer(this.#cacheDir, this.name, options);
  }

  /** Keeps the stopped server's files under a name; `create` takes the folder as a base, too. */
  async snapshot(name: string): Promise<string> {
    if (this.isRunning) throw stillRunning(this.name, "a snapshot");
    const folder = join(this.paths.snapshots, name);
    await mkdir(this.paths.snapshots, { recursive: true });
    await must(["rm", "-rf", "--one-file-system", folder]);
    await copy(this.paths.root, folder);
    return folder;
  }

  /** Makes the stopped server's files what they were at the snapshot. */
  async restore(name: string): Promise<void> {
    if (this.isRunning) throw stillRunning(this.name, "a snapshot's return");
    const folder = join(this.paths.snapshots, name);
    if (!existsSync(folder)) throw snapshotUnknown(this.name, name);
    await must(["rm", "-rf", "--one-file-system", this.paths.root]);
    await copy(folder, this.paths.root);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.destroy({ wait: false });
  }
}
