import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { passwordInvalid, passwordsUnreadable } from "../errors/daemon.ts";
import { readTextOrNull, writeFileAtomic } from "../system/files.ts";
import { Queue } from "./queue.ts";

export interface ScryptCost {
  /** Binary logarithm of N; memory is 128 · r · N bytes. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** One of OWASP's equivalent settings, the one with the least memory (16 MiB each). */
export const usualCost: ScryptCost = { ln: 14, r: 8, p: 5 };

const longestPassword = 4096;

interface StoredHash {
  readonly cost: ScryptCost;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const base64 = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");

/** `$scrypt$ln=14,r=8,p=5$<salt>$<hash>`, as the PHC string format has it. */
export function formatHash({ cost, salt, hash }: StoredHash): string {
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${base64(salt)}$${base64(hash)}`;
}

/** Null for anything but a hash of ours with a cost that this server can bear. */
export function parseHash(text: string): StoredHash | null {
  const pattern = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/;
  const [, ln, r, p, salt = "", hash = ""] = pattern.exec(text) ?? [];
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const memory = 128 * cost.r * 2 ** cost.ln;
  if (!(memory > 0 && memory <= 256 * 1024 * 1024) || cost.p < 1 || cost.ln < 1) return null;
  const bytes = Buffer.from(hash, "base64");
  return bytes.length < 16 ? null : { cost, salt: Buffer.from(salt, "base64"), hash: bytes };
}

function derive(password: string, salt: Buffer, cost: ScryptCost, length: number): Promise<Buffer> {
  const options: ScryptOptions = {
    N: 2 ** cost.ln,
    r: cost.r,
    p: cost.p,
    maxmem: 256 * cost.r * 2 ** cost.ln + 1024 * 1024,
  };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFC"), salt, length, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function checkPassword(password: string): void {
  if (password === "") throw passwordInvalid("it is empty");
  if (password.length > longestPassword) {
    throw passwordInvalid(`it is longer than ${longestPassword} characters`);
  }
}

/** The passwords of the hub's users, in one file that only root may read. */
export class PasswordStore {
  readonly #file: string;
  readonly #cost: ScryptCost;
  readonly #writes = new Queue();
  /** Two at a time: the pool of threads is also needed for files. */
  readonly #hashing = new Queue(2);
  readonly #nobody: StoredHash;
  readonly #derive: typeof derive;

  constructor(file: string, cost: ScryptCost = usualCost, deriveKey: typeof derive = derive) {
    this.#derive = deriveKey;
    this.#file = file;
    this.#cost = cost;
    this.#nobody = { cost, salt: randomBytes(16), hash: randomBytes(32) };
  }

  async exists(username: string): Promise<boolean> {
    return (await this.#read()).has(username);
  }

  /** Takes as long for a user who has no password as for one who has. */
  async check(username: string, password: string): Promise<{ valid: boolean; exists: boolean }> {
    const text = (await this.#read()).get(username);
    const exists = text !== undefined;
    const stored = exists ? parseHash(text) : this.#nobody;
    if (stored === null) throw passwordsUnreadable(this.#file, "a hash is not one of ours");
    const { salt, cost, hash } = stored;
    // What is too long was never set; hashing its beginning keeps the time the same.
    const tried = password.slice(0, longestPassword);
    const key = await this.#hashing.run(() => this.#derive(tried, salt, cost, hash.length));
    const same = timingSafeEqual(key, hash) && password.length <= longestPassword;
    return { valid: same && exists, exists };
  }

  async set(username: string, password: string): Promise<void> {
    checkPassword(password);
    const salt = randomBytes(16);
    const hash = await this.#hashing.run(() => this.#derive(password, salt, this.#cost, 32));
    const text = formatHash({ cost: this.#cost, salt, hash });
    await this.#change((passwords) => passwords.set(username, text));
  }

  async forget(username: string): Promise<void> {
    await this.#change((passwords) => passwords.delete(username));
  }

  async #change(change: (passwords: Map<string, string>) => void): Promise<void> {
    await this.#writes.run(async () => {
      const passwords = await this.#read();
      change(passwords);
      const content = { version: 1, passwords: Object.fromEntries(passwords) };
      await writeFileAtomic(this.#file, `${JSON.stringify(content, null, 1)}\n`, { mode: 0o600 });
    });
  }

  /** A file that cannot be understood is an error: the next write would lose what is in it. */
  async #read(): Promise<Map<string, string>> {
    const text = await readTextOrNull(this.#file);
    if (text === null) return new Map();
    try {
      const { version, passwords } = JSON.parse(text) as Record<string, unknown>;
      if (version !== 1) throw new Error(`its version is ${version}, not 1`);
      const entries = Object.entries(passwords as Record<string, unknown>);
      return new Map(entries.map(([name, hash]) => [name, String(hash)]));
    } catch (cause) {
      throw passwordsUnreadable(this.#file, cause instanceof Error ? cause.message : "", cause);
    }
  }
}
