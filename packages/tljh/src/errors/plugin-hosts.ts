import { TljhError } from "./error.ts";

/** What a plugin threw, where it says neither code nor remedy itself. */
export function pluginFailed(cause: unknown): TljhError {
  return new TljhError("PLUGIN_FAILED", {
    message: cause instanceof Error ? cause.message : String(cause),
    remedy: "Mend the plugin, or remove it.",
    cause,
  });
}

type Language = "TypeScript" | "Python";

const MEND: Readonly<Record<Language, string>> = {
  TypeScript: "Run the installer again; it mends the program.",
  Python: "Run the installer again; it mends the hub's environment.",
};

export function pluginHostUnstartable(language: Language, program: string, why: string): TljhError {
  return new TljhError("PLUGIN_HOST_UNSTARTABLE", {
    message: `The host of ${language} plugins could not be started with ${program}: ${why}`,
    remedy: MEND[language],
  });
}

/** It ended before any plugin was loaded. */
export function pluginHostEnded(language: Language, how: string, said: string): TljhError {
  return new TljhError("PLUGIN_HOST_ENDED", {
    message: `The host of ${language} plugins ended with ${how}${said ? `:\n${said}` : " and said nothing"}`,
    remedy: MEND[language],
  });
}

/** It said nothing before any plugin was loaded. */
export function pluginHostHung(language: Language, seconds: number, said: string): TljhError {
  return new TljhError("PLUGIN_HOST_HUNG", {
    message: `The host of ${language} plugins did not start within ${seconds} s${said ? `:\n${said}` : ""}`,
    remedy: `Run the same command again when the server is less busy. ${MEND[language]}`,
  });
}

export function pluginHostConfused(
  language: Language,
  answer: unknown,
  cause?: unknown,
): TljhError {
  return new TljhError("PLUGIN_HOST_CONFUSED", {
    message: `The host of ${language} plugins gave an answer that makes no sense: ${JSON.stringify(answer)?.slice(0, 80)}`,
    remedy:
      "Run the installer again, so that the hub's environment and the program are of one version.",
    cause,
  });
}

/** A plugin, and its hook; null where the plugin was being loaded. */
export interface PluginPlace {
  readonly plugin: string;
  readonly hook: string | null;
}

const doing = ({ hook }: PluginPlace) => (hook === null ? "while it was loaded" : `in ${hook}`);

const lastWords = (said: readonly string[]) =>
  said.length === 0 ? "; it printed nothing" : `; it printed last:\n${said.join("\n")}`;

/** A plugin used up its time, and the process it lives in was killed. */
export function pluginHung(
  place: PluginPlace,
  seconds: number,
  said: readonly string[],
): TljhError {
  const { plugin, hook } = place;
  return new TljhError("PLUGIN_HUNG", {
    message: `Plugin ${plugin} hung ${doing(place)} and was stopped after ${seconds} s${lastWords(said)}`,
    remedy:
      hook === null
        ? "Mend the plugin, so that loading it does nothing that lasts; or remove it."
        : `Mend the plugin, or remove it. If it only needs longer, allow it: sudo tljh-config set plugins.hook_timeout.${hook} ${Math.ceil(seconds * 2)}`,
  });
}

/** A plugin took down the process it lives in, which the next call starts again. */
export function pluginEndedHost(
  place: PluginPlace,
  how: string,
  said: readonly string[],
): TljhError {
  return new TljhError("PLUGIN_ENDED_HOST", {
    message: `Plugin ${place.plugin} ended its process ${doing(place)}, with ${how}${lastWords(said)}`,
    remedy:
      "Mend the plugin, or remove it. A hook ends by returning or throwing, never the process; a signal such as SIGSEGV comes from native code that it uses, SIGKILL from want of memory.",
  });
}

/** Somebody ended the plugins' process while it worked. */
export function pluginHostClosed(plugin: string): TljhError {
  return new TljhError("PLUGIN_HOST_CLOSED", {
    message: `Plugin ${plugin} was stopped before it was through`,
    remedy: "Run the same command again.",
  });
}

/** What a plugin answered, or left in an argument, is no plain data. */
export function pluginAnswerNotData(
  { plugin, hook }: PluginPlace,
  wrong: {
    readonly where: "returned" | "left in an argument";
    readonly path: string;
    readonly what: string;
  },
): TljhError {
  const at = wrong.path === "" ? "" : ` at ${wrong.path}`;
  return new TljhError("PLUGIN_RESULT_UNSERIALISABLE", {
    message: `Plugin ${plugin} ${wrong.where} ${wrong.what}${at} in ${hook}, which cannot be passed on`,
    remedy: "Use lists, maps, strings, numbers, booleans and null.",
  });
}

/** What a plugin answered, or left in an argument, has too many parts or too much text. */
export function pluginAnswerTooLarge({ plugin, hook }: PluginPlace, limit: string): TljhError {
  return new TljhError("PLUGIN_RESULT_TOO_LARGE", {
    message: `Plugin ${plugin} gave an answer to ${hook} that is too large: ${limit} are allowed`,
    remedy: "Let it answer with less: names of packages, not their content.",
  });
}

/** A timer, an event or a promise that the plugin does not wait for failed while the plugin was at work. */
export function pluginUncaught(place: PluginPlace, cause: unknown): TljhError {
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new TljhError("PLUGIN_UNCAUGHT", {
    message: `Plugin ${place.plugin} left an error uncaught ${doing(place)}: ${reason}`,
    remedy: "Let the plugin wait for its promises, and handle the errors of its timers and events.",
    cause,
  });
}

/** A timer, an event or a forgotten promise of a plugin failed while none of its hooks was being called. */
export function pluginStray(
  plugin: string | null,
  failure: { readonly message: string; readonly trace?: string | undefined },
): TljhError {
  const cause = new Error(failure.message);
  if (failure.trace) cause.stack = failure.trace;
  return new TljhError("PLUGIN_STRAY_ERROR", {
    message: `${plugin === null ? "A plugin" : `Plugin ${plugin}`} failed outside of its hooks: ${failure.message}`,
    remedy: "Let the plugin wait for its promises, and handle the errors of its timers and events.",
    cause,
  });
}

/** A plugin called `process.exit`. */
export function pluginCalledExit(code: unknown): TljhError {
  return new TljhError("PLUGIN_CALLED_EXIT", {
    message: `it called process.exit(${code ?? ""})`,
    remedy: "Mend the plugin: a hook ends by returning or throwing, never by ending the process.",
  });
}

export function pluginNotLoaded(plugin: string, hook: string): TljhError {
  return new TljhError("PLUGIN_NOT_LOADED", {
    message: `${hook} of plugin ${plugin} was called, which is not loaded`,
    remedy: "This is a defect of the program: report it with these lines.",
  });
}
