import { chmod, mkdir, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { socketTaken } from "../errors/daemon.ts";
import { errorCode } from "../system/files.ts";

/** First descriptor that systemd hands over (sd_listen_fds(3)). */
const firstDescriptor = 3;

/** True when systemd started this process with its socket. */
function isSocketActivated(environment: NodeJS.ProcessEnv, pid: number): boolean {
  return environment.LISTEN_PID === String(pid) && Number(environment.LISTEN_FDS) >= 1;
}

/** Listens on the socket systemd holds, or on one of its own at `path`, open to root alone. */
export async function listenDaemon(
  path: string,
  onConnection: (socket: Socket) => void,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Server> {
  // A client may end its side once it has asked; it still gets its answers.
  const server = createServer({ allowHalfOpen: true }, onConnection);
  if (isSocketActivated(environment, process.pid)) {
    // Not for the programs that are started from here.
    for (const name of ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"]) delete environment[name];
    await listening(server, { fd: firstDescriptor });
    return server;
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  if (await answers(path)) throw socketTaken(path);
  await rm(path, { force: true });
  const before = process.umask(0o177);
  try {
    await listening(server, { path });
  } finally {
    process.umask(before);
  }
  await chmod(path, 0o600);
  return server;
}

function listening(server: Server, where: { fd: number } | { path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** A socket file that nobody listens on is a leftover. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error) => {
      const isLeftover = ["ENOENT", "ECONNREFUSED", "ENOTSOCK"].includes(errorCode(error) ?? "");
      if (isLeftover) resolve(false);
      else reject(error);
    });
  });
}
