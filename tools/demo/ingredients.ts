import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Forged, forge } from "../debforge/index.ts";
import { makeBase } from "../server/index.ts";
import { boundToParent, must } from "../server/process.ts";

/** What a server with TLJH is made from. */
export interface Ingredients {
  /** The root folder of a plain Debian. */
  readonly base: string;
  /** The conda channel, package index and apt repository that stand in for the public ones. */
  readonly forged: Forged;
  /** The folder of a release of the product. */
  readonly release: string;
}

export interface IngredientsOptions {
  readonly cacheDir: string;
  /** Where the release is built. */
  readonly release: string;
  /** Runs one of the three; it may show its progress. */
  readonly step?: <T>(
    title: string,
    work: (note: (text: string) => void) => Promise<T>,
  ) => Promise<T>;
}

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

/** Builds a release of the product into a folder, which it gives back. */
async function buildProduct(release: string): Promise<string> {
  const script = join(PROJECT, "tools/build/build.ts");
  await must(boundToParent([process.execPath, script, "--directory", release]));
  return release;
}

/** Makes, or finds in the cache, all three at the same time. */
export async function prepareIngredients(options: IngredientsOptions): Promise<Ingredients> {
  const { cacheDir } = options;
  const step = options.step ?? ((_title, work) => work(() => {}));
  const [base, forged, release] = await Promise.all([
    step("a plain Debian server", (note) =>
      makeBase({ cacheDir, onEvent: (event) => event.type === "base-line" && note(event.line) }),
    ),
    step("a conda channel and a package index, made from Debian's packages", (note) =>
      forge({
        profile: "full",
        cacheDir,
        onEvent: (event) => note(event.type === "step" ? event.step : event.message),
      }),
    ),
    step("a release of TLJH", () => buildProduct(options.release)),
  ]);
  return { base, forged, release };
}
