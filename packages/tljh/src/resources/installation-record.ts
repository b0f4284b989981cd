import { formatInstallation } from "../install/installation.ts";
import { filesResource } from "./file.ts";

/** What the server was asked to hold, so that an apply after this needs no flags. */
export const installationRecord = filesResource({
  id: "installation",
  title: "Record of what is wanted",
  files: ({ paths, wanted }) => [
    { path: paths.installation, content: formatInstallation(wanted), mode: 0o600 },
  ],
});
