import { createHash, type Hash, hash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  futimesSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeSync,
} from "node:fs";
import { checkContents, type FileDigest, listedPaths, type MemberKind } from "./contents.ts";
import { damaged, unsafe } from "./fault.ts";
import { checkLinks, noarchPythonPlace, targetParts } from "./links.ts";
import { memberPath } from "./member-path.ts";
import type { TarHeader } from "./tar-header.ts";
import type { TarSink } from "./tar-reader.ts";
import { readUmask } from "./umask.ts";

export interface UnpackLimits {
  /** Bytes of all files of a package. */
  readonly bytes: number;
  readonly members: number;
  /** How many times its archive a package may be. */
  readonly ratio: number;
  /** What it may be whatever its archive is, in bytes: zeros compress without end. */
  readonly always: number;
}

/** Far above any real package; they stop an archive made to fill the disk. */
export const DEFAULT_LIMITS: UnpackLimits = {
  bytes: 64 * 2 ** 30,
  members: 2_000_000,
  ratio: 1000,
  always: 64 * 2 ** 20,
};

export interface Extracted {
  readonly files: number;
  readonly bytes: number;
}

const EMPTY_SHA256 = hash("sha256", "");

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** `7` is a contiguous file, which nothing tells apart from others today. */
const FILE_TYPES = new Set(["0", "7"]);

/** What we read ourselves of a package, and therefore must be what was checked. */
const INFO_TEXTS = new Set(
  ["paths.json", "index.json", "link.json", "files", "has_prefix", "no_link"].map(
    (name) => `info/${name}`,
  ),
);

/** Several times what the largest packages have, in bytes: they are held in memory. */
const LARGEST_INFO = 128 * 2 ** 20;

interface OpenFile {
  readonly path: string;
  readonly descriptor: number;
  readonly size: number;
  readonly mtime: number;
  /** Of a file that comes in one piece, in hexadecimal. */
  sha256?: string;
  /** Of one that comes in several. */
  hash?: Hash;
}

/**
 * Writes the members of one package's tars into a folder that is new and its own. Each path is made
 * of folders that it made itself, so nothing is ever written through a link.
 */
export class Extractor implements TarSink {
  readonly #root: string;
  readonly #limits: UnpackLimits;
  readonly #made = new Map<string, MemberKind>([["", "directory"]]);
  readonly #digests = new Map<string, FileDigest>();
  readonly #links = new Map<string, string>();
  readonly #umask = readUmask();
  #file: OpenFile | undefined;
  #bytes = 0;
  #members = 0;
  #files = 0;

  constructor(root: string, limits: UnpackLimits = DEFAULT_LIMITS) {
    this.#root = root;
    this.#limits = limits;
  }

  open(member: TarHeader): void {
    const path = memberPath(member.path);
    this.#count(member);
    if (isDirectory(member)) this.#folder(path, path);
    else this.#nonDirectory(path, member);
  }

  data(chunk: Buffer): void {
    const file = this.#file;
    if (file === undefined) return;
    if (chunk.length === file.size) file.sha256 = hash("sha256", chunk);
    else {
      file.hash ??= createHash("sha256");
      file.hash.update(chunk);
    }
    for (let at = 0; at < chunk.length; ) at += writeSync(file.descriptor, chunk, at);
  }

  close(): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    // Byte code in the package holds the time of its source, and is of no use without it.
    futimesSync(file.descriptor, file.mtime, file.mtime);
    closeSync(file.descriptor);
    const sha256 = file.sha256 ?? file.hash?.digest("hex") ?? EMPTY_SHA256;
    this.#digests.set(file.path, { sha256, size: file.size });
  }

  /** To be called once after the last tar: links are judged when all of them are known. */
  finish(): Extracted {
    const place = this.#isNoarchPython() ? noarchPythonPlace : (path: string) => path;
    checkLinks(new Map(this.#links.entries().map(([path, target]) => [place(path), target])));
    this.#checkContents();
    return { files: this.#files, bytes: this.#bytes };
  }

  #checkContents(): void {
    const entries = listedPaths({
      text: (path) => this.#text(path),
      isLink: (path) => this.#made.get(path) === "link",
    });
    if (entries !== undefined) checkContents(entries, this.#made, this.#digests);
  }

  #isNoarchPython(): boolean {
    try {
      const index = JSON.parse(this.#text("info/index.json") ?? "null");
      return index?.noarch === "python";
    } catch {
      return false;
    }
  }

  /** What one of the package's own files holds; nothing where it is no file. */
  #text(path: string): string | undefined {
    if (this.#made.get(path) !== "file") return undefined;
    return readFileSync(`${this.#root}/${path}`, "utf8");
  }

  #count(member: TarHeader): void {
    this.#members += 1;
    if (this.#members > this.#limits.members) {
      throw unsafe(`it holds more than ${this.#limits.members} members`);
    }
    if (!FILE_TYPES.has(member.type) && member.size > 0) {
      throw damaged(`${member.path} has content, but is no file`);
    }
    this.#bytes += member.size;
    if (this.#bytes > this.#limits.bytes)
      throw unsafe(`it holds more than ${this.#limits.bytes} bytes`);
  }

  #claim(path: string, kind: MemberKind): void {
    if (this.#made.has(path)) throw unsafe(`${path} is in it twice`);
    if (path === "info" || (INFO_TEXTS.has(path) && kind !== "file")) {
      throw unsafe(`${path} is a ${kind}`);
    }
    this.#folder(parentOf(path), path);
    this.#made.set(path, kind);
    this.#files += 1;
  }

  #nonDirectory(path: string, member: TarHeader): void {
    if (path === "") throw unsafe("a member would replace the package's own folder");
    this.#claim(path, member.type === "2" ? "link" : "file");
    if (FILE_TYPES.has(member.type)) this.#newFile(path, member);
    else if (member.type === "1") this.#hardLink(path, member);
    else if (member.type === "2") this.#symbolicLink(path, member);
    else throw unsafe(`${path} is a device, a pipe or of another unknown type ("${member.type}")`);
  }

  #folder(folder: string, below: string): void {
    const kind = this.#made.get(folder);
    if (kind === "directory") return;
    if (kind !== undefined) throw unsafe(`${below} would be written through ${folder}, a ${kind}`);
    this.#folder(parentOf(folder), below);
    mkdirSync(`${this.#root}/${folder}`, 0o755);
    if (this.#umask & 0o755) chmodSync(`${this.#root}/${folder}`, 0o755);
    this.#made.set(folder, "directory");
  }

  /** Readable by all and writable by the owner, whatever the archive or the umask says; no set-id bits. */
  #newFile(path: string, { mode: archived, size, mtime }: TarHeader): void {
    if (size > LARGEST_INFO && INFO_TEXTS.has(path)) throw unsafe(`${path} has ${size} bytes`);
    const mode = archived & 0o111 ? 0o755 : 0o644;
    const descriptor = openSync(`${this.#root}/${path}`, NEW_FILE, mode);
    this.#file = { path, descriptor, size, mtime };
    if (this.#umask & mode) fchmodSync(descriptor, mode);
  }

  /** tar writes the second name of a file as a link to the first, by its path in the archive. */
  #hardLink(path: string, member: TarHeader): void {
    const target = memberPath(member.linkname);
    if (this.#made.get(target) !== "file" || target === path) {
      throw unsafe(`${path} is a hard link to ${member.linkname}, which is no file of the package`);
    }
    linkSync(`${this.#root}/${target}`, `${this.#root}/${path}`);
    const digest = this.#digests.get(target);
    if (digest !== undefined) this.#digests.set(path, digest);
  }

  #symbolicLink(path: string, member: TarHeader): void {
    targetParts(path, member.linkname);
    symlinkSync(member.linkname, `${this.#root}/${path}`);
    this.#links.set(path, member.linkname);
  }
}

/** The oldest tars mark a folder by a slash at the end only. */
function isDirectory(member: TarHeader): boolean {
  return member.type === "5" || (member.type === "0" && member.path.endsWith("/"));
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}
