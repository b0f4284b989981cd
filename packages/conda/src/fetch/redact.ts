/** A URL as it may be shown and stored: without user, password and anaconda.org's `/t/<token>`. */
export function redactUrl(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/@]*@/, "$1").replace(/^(\w+:\/\/[^/]+)\/t\/[^/]+\//, "$1/");
}
