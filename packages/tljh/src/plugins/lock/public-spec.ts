const SECRET = /(?:token|key|secret|passw|signature|credential)/i;
const ADDRESS = /([a-z][a-z0-9+.-]*:\/\/)([^\s/?#]*@)?([^\s?#]*)(\?[^\s#]*)?/gi;

/**
 * A spec, or any text with addresses in it, as others may read it: without passwords and tokens. The
 * user of an ssh address stays, since it is no secret and the address does not work without it.
 */
export function publicSpec(text: string): string {
  return text.replace(
    ADDRESS,
    (_, scheme: string, login = "", place: string, query = "") =>
      scheme + publicLogin(scheme, login) + withoutToken(place) + publicQuery(query),
  );
}

function publicLogin(scheme: string, login: string): string {
  const [user = ""] = login.slice(0, -1).split(":");
  return /ssh:/i.test(scheme) && user !== "" ? `${user}@` : "";
}

/** Conda channels may have a token as the first part of their path. */
function withoutToken(place: string): string {
  return place.replace(/^([^/]*)\/t\/[^/]+\//, "$1/");
}

function publicQuery(query: string): string {
  const kept = query
    .slice(1)
    .split("&")
    .filter((part) => part !== "" && !SECRET.test(part.split("=")[0] ?? ""));
  return kept.length === 0 ? "" : `?${kept.join("&")}`;
}
