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

/** The URL to send for one that may be shown. */
export function withCredentials(url: string): string {
  for (const [clean, secret] of known) {
    if (url === clean || url.startsWith(`${clean}/`)) return secret + url.slice(clean.length);
  }
  return url;
}

/** A URL as it may be shown and stored: without user, password and anaconda.org's `/t/<token>`. */
export function redactUrl(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/@]*@/, "$1").replace(/^(\w+:\/\/[^/]+)\/t\/[^/]+\//, "$1/");
}
