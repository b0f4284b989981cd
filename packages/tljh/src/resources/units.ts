import { join } from "node:path";
import { unitTexts } from "../system/units/index.ts";
import { filesResource } from "./file.ts";

export const units = filesResource({
  id: "units",
  title: "Service definitions",
  files: ({ paths }) =>
    Object.entries(unitTexts(paths)).map(([name, content]) => ({
      path: join("/etc/systemd/system", name),
      content,
      mode: 0o644,
    })),
});
