/** One thing that is wrong with a configuration. Made by the functions of `errors/config.ts`. */
export interface Problem {
  readonly code: string;
  readonly path: readonly string[];
  readonly message: string;
  readonly remedy: string;
  /**
   * `error`: the hub is not started with it. `tolerated`: an edit is refused, a file that has it is used,
   * since the key may be a plugin's, or is one of a plugin that goes on with its default. `warning`: said,
   * nothing more.
   */
  readonly severity: "error" | "tolerated" | "warning";
}

export const dotted = (path: readonly PropertyKey[]) => path.map(String).join(".");
