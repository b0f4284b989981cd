import { adminMalformed } from "../errors/install.ts";
import type { Admin } from "../resources/resource.ts";

/** Reads `--admin` values, `NAME` or `NAME:PASSWORD`; a password may hold colons. */
export function parseAdmins(values: readonly string[]): readonly Admin[] {
  return values.map((value) => {
    const colon = value.indexOf(":");
    const name = (colon < 0 ? value : value.slice(0, colon)).trim();
    const password = colon < 0 ? null : value.slice(colon + 1);
    if (name === "" || password === "") throw adminMalformed(name);
    return { name, password };
  });
}
