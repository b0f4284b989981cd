import { pathToFileURL } from "node:url";
import type { LockedArchive } from "../../plugins/lock/format.ts";
import type { WantedPython } from "./changes.ts";

/**
 * The lines of the requirements files that pip is given, one after the other:
 *
 * - `hashed`: whatever is pinned with a hash, dependencies too; pip looks at each of them
 * - `direct`: what is pinned by the commit of a repository, which pip would leave at another of the same version
 * - `pinned`: folders, and all pinned plugins once more, so that what they need beyond it comes too
 * - `free`: what has no pin
 */
export interface Requirements {
  readonly hashed: readonly string[];
  readonly direct: readonly string[];
  readonly pinned: readonly string[];
  readonly free: readonly string[];
}

export function requirementsOf(wanted: readonly WantedPython[]): Requirements {
  const lines = { hashed: new Set<string>(), direct: new Set<string>() };
  const pinned: string[] = [];
  const free: string[] = [];
  for (const { request, pin } of wanted) {
    if (pin === undefined) {
      free.push(asRequirement(request.spec));
      continue;
    }
    for (const archive of pin.archives) {
      const line = archiveLine(archive, request.spec);
      if (archive.sha256 !== undefined) lines.hashed.add(line);
      else if (archive.url !== undefined) lines.direct.add(line);
    }
    pinned.push(
      pin.kind === "folder-python" ? asRequirement(request.spec) : `${pin.package}==${pin.version}`,
    );
  }
  return { hashed: [...lines.hashed], direct: [...lines.direct], pinned, free };
}

/** A path as the address that it is, so that pip takes nothing in it for anything else. */
const asRequirement = (spec: string) => (spec.startsWith("/") ? pathToFileURL(spec).href : spec);

/** A repository stands without its name: old versions of pip know only some addresses behind one. */
function archiveLine({ name, version, sha256, url }: LockedArchive, spec: string): string {
  const address = url === undefined ? undefined : withLogin(url, spec);
  if (sha256 === undefined) return address ?? `${name}==${version}`;
  const what = address === undefined ? `${name}==${version}` : `${name} @ ${address}`;
  return `${what} --hash=sha256:${sha256}`;
}

/** An address of the lock with the user and password that the spec has for the same server. */
function withLogin(url: string, spec: string): string {
  const [, login, host] = /:\/\/([^\s/?#]*@)([^/?#\s]*)/.exec(spec) ?? [];
  return login && host && url.includes(`://${host}/`) ? url.replace("://", `://${login}`) : url;
}
