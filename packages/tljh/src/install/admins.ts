import { adminMalformed, adminNameUnusable } from "../errors/install.ts";
import type { Admin } from "../resources/resource.ts";
import { accountNameProblem, generateSystemUsername } from "../system/accounts.ts";

/**
 * Reads `--admin` values, `NAME` or `NAME:PASSWORD`; a password may hold colons. Names are in lower case,
 * as JupyterHub makes them when somebody logs in: a password kept for "Alice" would be nobody's.
 */
export function parseAdmins(values: readonly string[]): readonly Admin[] {
  return values.map((value) => {
    const colon = value.indexOf(":");
    const name = (colon < 0 ? value : value.slice(0, colon)).trim().toLowerCase();
    const password = colon < 0 ? null : value.slice(colon + 1);
    if (name === "" || password === "") throw adminMalformed(name);
    const problem = accountNameProblem(generateSystemUsername(`jupyter-${name}`));
    if (problem !== null) throw adminNameUnusable(name, problem);
    return { name, password };
  });
}
