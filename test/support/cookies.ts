interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

function isExpired(attributes: ReadonlyMap<string, string>): boolean {
  const age = attributes.get("max-age");
  if (age !== undefined) return Number(age) <= 0;
  const expires = attributes.get("expires");
  return expires !== undefined && Date.parse(expires) <= Date.now();
}

function covers(cookiePath: string, path: string): boolean {
  if (path === cookiePath) return true;
  return path.startsWith(cookiePath.endsWith("/") ? cookiePath : `${cookiePath}/`);
}

/** The cookies of one host, by name and path, as a browser would send them (RFC 6265). */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();

  /** Takes the `Set-Cookie` headers of an answer in. */
  take(headers: readonly string[]): void {
    for (const header of headers) {
      const [pair = "", ...rest] = header.split(";");
      const attributes = new Map(
        rest.map((text) => {
          const [key = "", value = ""] = text.trim().split("=", 2);
          return [key.toLowerCase(), value];
        }),
      );
      const equals = pair.indexOf("=");
      const name = pair.slice(0, equals).trim();
      const path = attributes.get("path") || "/";
      const key = `${name} ${path}`;
      if (isExpired(attributes)) this.#cookies.delete(key);
      else this.#cookies.set(key, { name, value: pair.slice(equals + 1).trim(), path });
    }
  }

  #matching(path: string): Cookie[] {
    const found = [...this.#cookies.values()].filter((cookie) => covers(cookie.path, path));
    return found.sort((a, b) => b.path.length - a.path.length);
  }

  /** The `Cookie` header for a request; the most specific path comes first. */
  header(path: string): string {
    return this.#matching(path)
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
  }

  /** The value a page at this path would see. */
  value(name: string, path: string): string | null {
    return this.#matching(path).find((cookie) => cookie.name === name)?.value ?? null;
  }
}
