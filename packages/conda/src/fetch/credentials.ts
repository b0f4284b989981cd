const known = new Map<string, string>();

/**
 * Takes user, password and `/t/<token>` out of a channel's URL and keeps them in memory, so that
 * nothing that is shown or written has them. Requests below the URL that is returned get them back.
 */
export function keepCredentials(url: string): string {
  const clean = redactUrl(url);
  if (clean !== url) known.set(clean, url);
  return clean;
}

/** The URL to send for one that may be shown: of several channels, as the one it is deepest in. */
export function withCredentials(url: string): string {
  let found: readonly [string, string] | undefined;
  for (const [clean, secret] of known) {
    const isBelow = url === clean || url.startsWith(`${clean}/`);
    if (isBelow && clean.length > (found?.[0].length ?? 0)) found = [clean, secret];
  }
  return found === undefined ? url : found[1] + url.slice(found[0].length);
}

/** A URL as it may be shown and stored: without user, password and, as conda finds it, `/t/<token>`. */
export function redactUrl(url: string): string {
  return url
    .replace(/^(\w+:\/\/)[^/?#\s]*@/, "$1")
    .replace(/^(https?:\/\/[^?#]*?)\/t\/[^/?#]+(?=\/|$)/i, "$1");
}

/** A text as it may be shown and stored: every URL in it as `redactUrl` has it. */
export function redactText(text: string): string {
  return text.replace(/\b\w+:\/\/[^\s"'<>()]+/g, redactUrl);
}
