import { registerHooks } from "node:module";

/**
 * The running program's own `tljh/hooks`: `src/hooks.ts` beside this folder, or `hooks.js` beside the
 * bundle that this module has become part of.
 */
const ownHooks = import.meta.url.endsWith(".ts")
  ? { url: new URL("../hooks.ts", import.meta.url).href }
  : { url: new URL("./hooks.js", import.meta.url).href, format: "module" };

let isRegistered = false;

/** From now on `tljh/hooks` means this program's, wherever on disk the importing plugin is. */
export function resolveOwnHooks(): void {
  if (isRegistered) return;
  isRegistered = true;
  registerHooks({
    resolve: (specifier, context, nextResolve) =>
      specifier === "tljh/hooks"
        ? { ...ownHooks, shortCircuit: true }
        : nextResolve(specifier, context),
  });
}
