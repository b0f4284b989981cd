import { readdir, readFile, readlink } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { basename } from "node:path";

/** Whether a TCP port can be listened on; an empty address stands for all. */
export function portIsFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, ...(address ? { host: address } : {}) }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/** Whether something accepts connections within two seconds. */
export function listens(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port, timeout: 2000 });
  socket.on("connect", () => resolve(true));
  socket.on("timeout", () => resolve(false));
  socket.on("error", () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/** The program that listens on a TCP port, as "nginx (process 812)", or null when it cannot be told. */
export async function portHolder(port: number): Promise<string | null> {
  const inodes = await listeningInodes(port);
  if (inodes.size === 0) return null;
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    if (!(await ownsSocket(pid, inodes))) continue;
    return `${await programName(pid)} (process ${pid})`;
  }
  return null;
}

/** By its command line: `comm` is the name of a thread, which for Node says nothing. */
async function programName(pid: string): Promise<string> {
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return basename(command.split("\0")[0]?.split(" ")[0] ?? "") || "a program";
}

/** Socket inodes that listen on a port, out of the kernel's tables (state 0A is LISTEN). */
async function listeningInodes(port: number): Promise<Set<string>> {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  const inodes = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const text = await readFile(table, "utf8").catch(() => "");
    for (const line of text.split("\n").slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === "0A" && local?.endsWith(`:${wanted}`) && inode) inodes.add(inode);
    }
  }
  return inodes;
}

async function ownsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const descriptor of descriptors) {
    const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "");
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode && inodes.has(inode)) return true;
  }
  return false;
}
