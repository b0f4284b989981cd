import { TljhError } from "./error.ts";

/** Something could not be looked at for a reason that nobody has thought of. */
export function lookFailed(cause: unknown): TljhError {
  return new TljhError("HEALTH_LOOK_FAILED", {
    message: `It could not be looked at: ${cause instanceof Error ? cause.message : String(cause)}`,
    remedy: "This is a defect of the program, not of your server: report it with these lines.",
  });
}

export function notInstalled(prefix: string): TljhError {
  return new TljhError("SERVER_NOT_INSTALLED", {
    message: `The Littlest JupyterHub is not installed on this server: there is nothing at ${prefix}`,
    remedy: "Install it: sudo tljh install --admin NAME",
  });
}

/** A plugin's answer to `tljh_health_checks` is no list of findings. */
export function healthAnswerInvalid(plugin: string, wrong: string): TljhError {
  return new TljhError("PLUGIN_HEALTH_INVALID", {
    message: `Plugin ${plugin} answered tljh_health_checks with ${wrong}`,
    remedy:
      'Let it return a list of findings such as { name: "scratch", status: "error", message: "/scratch is missing", remedy: "Mount it." }.',
  });
}
