/** A user of the server, as its /etc/passwd has it. */
export interface User {
  readonly name: string;
  readonly home: string;
  readonly shell: string;
}

/** Finds a user in the text of an /etc/passwd. */
export function findUser(passwd: string, name: string): User | null {
  const row = passwd.split("\n").find((line) => line.startsWith(`${name}:`));
  if (row === undefined) return null;
  const fields = row.split(":");
  return { name, home: fields[5] ?? "/", shell: fields[6] ?? "/bin/sh" };
}

const ROOT: User = { name: "root", home: "/root", shell: "/bin/bash" };

/** The environment of a login on a plain server: nothing of this machine's comes along. */
export function loginEnvironment(
  user: User = ROOT,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    LANG: "C.UTF-8",
    HOME: user.home,
    USER: user.name,
    LOGNAME: user.name,
    SHELL: user.shell,
    ...extra,
  };
}

/** argv that runs a program inside the server whose process 1 has this number. */
export function enterArgv(init: number, argv: readonly string[], user?: string): string[] {
  const enter = ["nsenter", "--target", String(init), "--mount", "--uts", "--ipc", "--net"];
  enter.push("--pid", "--cgroup", "--root", "--wd", "--");
  return user === undefined
    ? [...enter, ...argv]
    : [...enter, "runuser", "-u", user, "--", ...argv];
}
