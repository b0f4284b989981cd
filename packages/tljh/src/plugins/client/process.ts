import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Duplex, Readable } from "node:stream";
import { LinesClient, RpcError } from "../../rpc/index.ts";
import { errorCode } from "../../system/files.ts";
import { WIRE } from "../host/protocol.ts";
import type { HostLaunch } from "./launch.ts";
import { Printed } from "./printed.ts";

/** The process was gone, or killed for being late, before it answered. */
export class HostLost extends Error {
  /** Seconds that it was given; null if it ended by itself. */
  readonly late: number | null;
  /** `exit code 3`, `signal SIGKILL`, … */
  readonly how: string;
  readonly said: readonly string[];
  /** The program itself could not be run. */
  readonly unstartable: boolean;

  constructor(lost: Pick<HostLost, "late" | "how" | "said" | "unstartable">) {
    super(`the process ended with ${lost.how}`);
    this.late = lost.late;
    this.how = lost.how;
    this.said = lost.said;
    this.unstartable = lost.unstartable;
  }
}

/** The process was gone before it came to this request. */
export class NeverBegun extends Error {}

/** What the process was asked for and has not answered. */
interface Request {
  /** That it may take from its beginning. */
  readonly seconds: number;
}

export interface HostProcessOptions {
  /** What plugins print, line by line. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** A line on the wire that is no answer. */
  readonly onNotice?: (line: string) => void;
}

/** Milliseconds in which a process that was asked to end must have done so. */
const CLOSE_TIME = 5_000;
/** Milliseconds in which a process that has closed the wire must have ended. */
const END_TIME = 500;
/** Milliseconds in which what a process printed last arrives after its end. */
const DRAIN_TIME = 500;

/**
 * One process that plugins live in. It works at one request after the other, in the order of asking. The one
 * that is late, or that ends it, rejects with `HostLost`; those that wait behind it with `NeverBegun`.
 */
export class HostProcess {
  readonly #child: ChildProcess;
  readonly #wire: Duplex | undefined;
  readonly #client: LinesClient | undefined;
  readonly #printed: Printed;
  /** How it ended; `#exit` comes when all that it printed was read, too. Neither rejects. */
  readonly #exited: Promise<string>;
  readonly #exit: Promise<string>;
  readonly #requests: Request[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** The request that the process was lost in. */
  #culprit: Request | undefined;
  /** What was printed last when the culprit's time was up. */
  #saidInTime: readonly string[] | undefined;
  #unstartable = false;
  #isOver = false;
  #isClosing = false;
  /** The process closed the wire, and went on. */
  #cutOff = false;

  constructor(launch: HostLaunch, options: HostProcessOptions = {}) {
    const [program, ...args] = launch.command;
    // The host dies with this process even while a plugin keeps it from noticing; a group of its own is killed whole.
    this.#child = spawn("setpriv", ["--pdeathsig", "KILL", "--", program, ...args], {
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: { ...process.env, ...launch.env },
      detached: true,
    });
    this.#printed = new Printed(options.onLine);
    this.#exited = this.#exiting();
    this.#exit = this.#ending();
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream) this.#printed.follow(stream);
    const wire = this.#child.stdio[WIRE];
    if (!wire) return;
    this.#wire = wire as Duplex;
    this.#client = new LinesClient(this.#wire, this.#wire, {
      ...(options.onNotice ? { onStrayLine: options.onNotice } : {}),
    });
    void this.#client.ended.then(() => this.#disconnected());
  }

  /** True when nothing can be asked of it any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Asks for something. It may take so many seconds once those before it are answered; a host that is late
   * is killed.
   */
  async request(
    method: string,
    params: Readonly<Record<string, unknown>>,
    seconds: number,
  ): Promise<unknown> {
    const request: Request = { seconds };
    this.#enter(request);
    try {
      return await this.#send(method, params);
    } catch (error) {
      if (this.#client && error !== this.#client.closed) throw error;
      this.#culprit ??= this.#requests[0];
      if (this.#culprit !== request)
        throw new NeverBegun("the process ended before", { cause: error });
      if (error instanceof RpcError && error.code !== "RPC_CLOSED") throw error;
      return await this.#lost(request);
    } finally {
      this.#leave(request);
    }
  }

  /**
   * What is asked for at once goes out at once: a write that fails, as the process has ended by then, would
   * spoil answers that have not been read.
   */
  #send(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> {
    if (!this.#client) return Promise.reject(new Error("there is no process"));
    this.#wire?.cork();
    process.nextTick(() => this.#wire?.uncork());
    return this.#client.call(method, params);
  }

  #enter(request: Request): void {
    if (this.#requests.push(request) > 1) return;
    this.#keepAlive(true);
    this.#begin(request, false);
  }

  #leave(request: Request): void {
    const place = this.#requests.indexOf(request);
    this.#requests.splice(place, 1);
    if (place > 0) return;
    clearTimeout(this.#timer);
    const [next] = this.#requests;
    if (!next) this.#keepAlive(false);
    else if (!this.#culprit) this.#begin(next, true);
  }

  #begin(request: Request, wasWaiting: boolean): void {
    this.#printed.begin(wasWaiting);
    // Where this process was kept from reading, the answer is there already.
    const end = () => setImmediate(() => this.#stop(request));
    this.#timer = setTimeout(end, request.seconds * 1000);
  }

  /** The time of the request is up. */
  #stop(request: Request): void {
    if (this.#requests[0] !== request || this.#culprit) return;
    this.#culprit = request;
    this.#saidInTime = this.#printed.last();
    this.#kill();
  }

  /** Ends it: at once when it is at work, else within five seconds. */
  async close(atOnce: boolean): Promise<void> {
    this.#isClosing = true;
    if (atOnce) this.#kill();
    this.#isOver = true;
    this.#keepAlive(true);
    this.#wire?.end();
    const timer = setTimeout(() => this.#kill(), CLOSE_TIME);
    await this.#exit;
    clearTimeout(timer);
  }

  async #lost({ seconds }: Request): Promise<never> {
    const said = this.#saidInTime;
    this.#kill();
    const how = await this.#exit;
    throw new HostLost({
      late: said ? seconds : null,
      how,
      said: said ?? this.#printed.last(),
      unstartable: this.#unstartable,
    });
  }

  /** A plugin that closes every descriptor that it finds leaves a process that nobody can speak to. */
  async #disconnected(): Promise<void> {
    this.#isOver = true;
    if (this.#isClosing) return;
    const hasEnded = await within(END_TIME, this.#exited);
    this.#cutOff = !hasEnded;
    this.#kill();
  }

  /** Kills it, and the programs that plugins have started in its group. */
  #kill(): void {
    this.#isOver = true;
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, "SIGKILL");
    } catch (error) {
      if (errorCode(error) !== "ESRCH") throw error;
    }
  }

  /** What became of the process itself, whatever may still arrive from it. */
  async #exiting(): Promise<string> {
    try {
      const [code, signal] = await once(this.#child, "exit");
      // What setpriv answers when there is nothing to run.
      this.#unstartable = code === 126 || code === 127;
      return signal === null ? `exit code ${code}` : `signal ${signal}`;
    } catch (error) {
      this.#unstartable = true;
      return error instanceof Error ? error.message : String(error);
    } finally {
      this.#isOver = true;
    }
  }

  async #ending(): Promise<string> {
    const how = await this.#exited;
    await this.#drained();
    this.#wire?.destroy();
    return this.#cutOff ? "its connection to the program closed" : how;
  }

  /** A program that a plugin has left behind may hold the streams for ever. */
  async #drained(): Promise<void> {
    const ends = [this.#child.stdout, this.#child.stderr].map(async (stream) => {
      if (stream && !stream.readableEnded) await once(stream, "end").catch(() => {});
    });
    await within(DRAIN_TIME, Promise.all([...ends, this.#client?.ended]));
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.destroy();
  }

  /** A host that nobody waits for keeps no program from ending. */
  #keepAlive(wanted: boolean): void {
    const handles: unknown[] = [this.#child, this.#child.stdout, this.#child.stderr, this.#wire];
    for (const handle of handles) {
      const one = handle as Partial<Readable & Pick<ChildProcess, "ref" | "unref">> | undefined;
      // A stream that has ended would wait for a connection that never comes.
      if (one?.destroyed) continue;
      if (wanted) one?.ref?.();
      else one?.unref?.();
    }
  }
}

/** Whether something came to its end within so many milliseconds. */
async function within(milliseconds: number, end: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(resolve, milliseconds, false);
  const hasEnded = await Promise.race([end.then(() => true as const), promise]);
  clearTimeout(timer);
  return hasEnded;
}
