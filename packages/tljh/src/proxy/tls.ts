import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { tlsFileUnreadable, tlsInvalid } from "../errors/proxy.ts";

export interface TlsFiles {
  readonly key: string;
  readonly cert: string;
}

export interface TlsMaterial {
  readonly key: Buffer;
  readonly cert: Buffer;
}

/** Where `prepare` puts what only root can read. */
export function handedOver(runtimeDirectory: string): TlsFiles {
  return { key: join(runtimeDirectory, "tls.key"), cert: join(runtimeDirectory, "tls.cert") };
}

/** Reads key and certificate, and makes sure that they belong together. */
export async function readTls({ key, cert }: TlsFiles): Promise<TlsMaterial> {
  const material = { key: await read("key", key), cert: await read("cert", cert) };
  try {
    createSecureContext(material);
  } catch (cause) {
    throw tlsInvalid(key, cert, cause instanceof Error ? cause : new Error(String(cause)));
  }
  return material;
}

async function read(kind: "key" | "cert", file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw tlsFileUnreadable(kind, file, cause);
  }
}
