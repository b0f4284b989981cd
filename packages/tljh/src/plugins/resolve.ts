import { registerHooks } from "node:module";

/**
 * What a plugin imports of the running program: `src/<name>.ts` beside this folder, or `<name>.js` beside the
 * bundle that this module has become part of.
 */
const own = new Map(
  ["hooks", "testing"].map((name) => [
    `tljh/${name}`,
    import.meta.url.endsWith(".ts")
      ? { url: new URL(`../${name}.ts`, import.meta.url).href }
      : { url: new URL(`./${name}.js`, import.meta.url).href, format: "module" },
  ]),
);

let isRegistered = false;

/** From now on `tljh/hooks` and `tljh/testing` mean this program's, wherever the importing plugin is. */
export function resolveOwnHooks(): void {
  if (isRegistered) return;
  isRegistered = true;
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const found = own.get(specifier);
      return found ? { ...found, shortCircuit: true } : nextResolve(specifier, context);
    },
  });
}
