import { filesResource } from "./file.ts";

/** Members of jupyterhub-admins become root without a password, also with the environment kept. */
const content = `%jupyterhub-admins ALL = (ALL) NOPASSWD: ALL
Defaults exempt_group = jupyterhub-admins
`;

export const sudoers = filesResource({
  id: "sudoers",
  title: "Administrators' sudo",
  files: () => [{ path: "/etc/sudoers.d/jupyterhub-admins", content, mode: 0o440 }],
});
