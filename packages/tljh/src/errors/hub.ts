import { TljhError } from "./error.ts";

/** What a plugin does to a setting of JupyterHub. */
export interface Setting {
  readonly plugin: string;
  /** As one writes it: `c.Spawner.environment`. */
  readonly name: string;
}

export function valueNotData({ plugin, name }: Setting, inside: string, what: string): TljhError {
  const where = inside === "" ? "" : ` at ${inside}`;
  return new TljhError("HUB_VALUE_NOT_DATA", {
    message: `The plugin ${plugin} sets ${name} to a value that holds ${what}${where}, and only plain data can be handed to JupyterHub`,
    remedy:
      'Name a class by its dotted path, as in "dockerspawner.DockerSpawner". What needs code belongs in a Python file in jupyterhub_config.d, or in a Python plugin.',
  });
}

export function valueUnknown({ plugin, name }: Setting, read: string): TljhError {
  return new TljhError("HUB_VALUE_UNKNOWN", {
    message: `The plugin ${plugin} reads ${read} of ${name}, which nobody has set: its default is known to JupyterHub alone`,
    remedy: `Set ${name}, or use append, extend, insert, prepend, update or add, which JupyterHub applies to its default.`,
  });
}

export function classInvalid(plugin: string, name: string, near: string | undefined): TljhError {
  return new TljhError("HUB_CLASS_INVALID", {
    message: `The plugin ${plugin} uses c.${name}, which is no class: class names begin with a capital`,
    remedy: near
      ? `Write c.${near}`
      : "Write the setting as c.<Class>.<trait>, as in c.Spawner.args",
  });
}

export function changeUnsupported({ plugin, name }: Setting, what: string): TljhError {
  return new TljhError("HUB_CHANGE_UNSUPPORTED", {
    message: `The plugin ${plugin} ${what} ${name}, which cannot be handed to JupyterHub`,
    remedy: `Set ${name} to the value that you want instead.`,
  });
}

export function hubConfigUnwritable(file: string, cause: unknown): TljhError {
  return new TljhError("HUB_CONFIG_UNWRITABLE", {
    message: `${file} cannot be written; it is as it was before`,
    remedy: "See that its folder exists, is writable by root and has space left: df -h, ls -ld.",
    cause,
  });
}

// `tljh-config reload`

export function systemdMissing(unit: string): TljhError {
  return new TljhError("HUB_SYSTEMD_MISSING", {
    message: `${unit} cannot be restarted: systemd does not run here`,
    remedy:
      "Restart the program that runs the hub here; it reads the configuration when it starts.",
  });
}

export function restartFailed(unit: string, cause: unknown): TljhError {
  return new TljhError("HUB_RESTART_FAILED", {
    message: `${unit} did not start with the new configuration`,
    remedy: `Mend what it complains about, then reload again. Look further with: sudo journalctl -u ${unit} -n 100`,
    cause,
  });
}

export function snippetBroken(file: string, said: string): TljhError {
  const words = said.split("\n").map((line) => `  ${line}`);
  return new TljhError("HUB_SNIPPET_BROKEN", {
    message: `${file} is not valid Python, and JupyterHub could not start with it:\n${words.join("\n")}`,
    remedy: "Correct that file, or move it away. The hub goes on with what it has.",
  });
}

export interface Waited {
  readonly url: string;
  readonly seconds: number;
  /** What came instead of an answer, such as `HTTP status 503`. */
  readonly last: string;
  /** The last lines of the service. */
  readonly journal: string;
}

export function hubNotReady({ url, seconds, last, journal }: Waited): TljhError {
  return new TljhError("HUB_NOT_READY", {
    message: `JupyterHub was restarted, but ${url} did not answer within ${seconds} seconds (${last})${said(journal)}`,
    remedy:
      "Look further with: sudo journalctl -u jupyterhub -u tljh-proxy -n 100. If an address or a port was changed, reload the proxy too: sudo tljh-config reload proxy",
  });
}

export function hubKeepsFailing(restarts: number, journal: string): TljhError {
  return new TljhError("HUB_KEEPS_FAILING", {
    message: `JupyterHub does not start: systemd has restarted it ${restarts} times${said(journal)}`,
    remedy:
      "Mend what it complains about, then reload again. Look further with: sudo journalctl -u jupyterhub -n 100",
  });
}

export function proxyNotReady(address: string, seconds: number, journal: string): TljhError {
  return new TljhError("HUB_PROXY_NOT_READY", {
    message: `The proxy was restarted, but nothing listens at ${address} after ${seconds} seconds${said(journal)}`,
    remedy: "Look further with: sudo journalctl -u tljh-proxy -n 100",
  });
}

const said = (journal: string) => (journal.trim() ? `. Its last words:\n${journal.trim()}` : "");
