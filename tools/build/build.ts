import { parseArgs } from "node:util";
import { buildRelease } from "./release.ts";

const { values } = parseArgs({
  options: {
    directory: { type: "string", default: "dist/tljh" },
    archive: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});

if (values.help) {
  console.log(`Usage: npm run build -- [--directory DIR] [--archive]

Makes a release: a folder with bin/tljh, its own Node and everything it needs.
  --directory DIR  where (default: dist/tljh)
  --archive        also DIR-<version>-<platform>.tar.gz beside it`);
} else {
  const started = performance.now();
  const release = await buildRelease({ directory: values.directory, archive: values.archive });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${release.archive ?? release.directory} (${release.build}) in ${seconds} s`);
}
