/**
 * Where a worker's file is: beside the module that starts it, as `.ts` while the source runs and as
 * `.js` when it has been bundled.
 */
export function workerUrl(name: string, startedFrom: string): URL {
  const extension = startedFrom.endsWith(".ts") ? "ts" : "js";
  return new URL(`./${name}.${extension}`, startedFrom);
}
