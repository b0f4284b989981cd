import { PasswordStore } from "../daemon/passwords.ts";
import { type Admin, resource } from "./resource.ts";

/** The passwords given with `--admin NAME:PASSWORD`; kept as salted hashes only. */
export const passwords = resource<readonly Admin[]>({
  id: "passwords",
  title: "Administrators' passwords",
  async read({ paths, admins }) {
    const store = new PasswordStore(paths.passwords);
    const wrong: Admin[] = [];
    for (const admin of admins) {
      if (admin.password === null) continue;
      const { valid } = await store.check(admin.name, admin.password);
      if (!valid) wrong.push(admin);
    }
    return wrong;
  },
  compare: (wrong) => wrong.map(({ name }) => ({ action: "change", what: `password of ${name}` })),
  async change(wrong, { paths }) {
    const store = new PasswordStore(paths.passwords);
    for (const { name, password } of wrong) if (password !== null) await store.set(name, password);
  },
});
