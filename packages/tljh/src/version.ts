import { readFileSync } from "node:fs";

/** The product's version: put in by the build, read from the manifest when run from source. */
export const version: string =
  process.env.TLJH_VERSION ??
  (
    JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
      version: string;
    }
  ).version;
