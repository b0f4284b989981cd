import { open, rm, stat } from "node:fs/promises";
import { proxyPortTaken } from "../errors/proxy.ts";
import { portHolder, portIsFree } from "../system/ports.ts";
import type { ProxyConfiguration } from "./configuration.ts";
import { handedOver, readTls } from "./tls.ts";

/**
 * What only root can do before the proxy starts: hand over the key, which the proxy's own account
 * cannot read, and see which program has a port, which is shown to nobody else.
 */
export async function prepare(
  configuration: ProxyConfiguration,
  runtimeDirectory: string,
): Promise<void> {
  const { http, https, api } = configuration;
  for (const { address, port } of [http, api, ...(https ? [https] : [])]) {
    const holder = (await portIsFree(address, port)) ? null : await portHolder(port);
    // Another reason than a program is for the proxy itself to find.
    if (holder !== null) throw proxyPortTaken(port, holder);
  }
  const files = handedOver(runtimeDirectory);
  if (https === null) {
    for (const file of [files.key, files.cert]) await rm(file, { force: true });
    return;
  }
  const { uid, gid } = await stat(runtimeDirectory);
  const material = await readTls(https);
  await handOver(files.key, material.key, uid, gid);
  await handOver(files.cert, material.cert, uid, gid);
}

/** The folder belongs to the proxy, so nothing that lies there is written through. */
async function handOver(file: string, data: Buffer, uid: number, gid: number): Promise<void> {
  await rm(file, { force: true });
  await using handle = await open(file, "wx", 0o400);
  await handle.writeFile(data);
  await handle.chown(uid, gid);
}
