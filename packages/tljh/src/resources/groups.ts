import { ensureGroup, groupExists } from "../system/groups.ts";
import { resource } from "./resource.ts";

const names = ["jupyterhub-admins", "jupyterhub-users"] as const;

export const groups = resource<readonly string[]>({
  id: "groups",
  title: "Groups",
  async read() {
    const missing: string[] = [];
    for (const name of names) if (!(await groupExists(name))) missing.push(name);
    return missing;
  },
  compare: (missing) => missing.map((name) => ({ action: "add", what: name })),
  async change(missing) {
    for (const name of missing) await ensureGroup(name);
  },
});
