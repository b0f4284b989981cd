import { formatInstallation } from "../install/installation.ts";
import { readTextOrNull, writeFileAtomic } from "../system/files.ts";
import { resource } from "./resource.ts";

interface Found {
  readonly before: string | null;
  readonly after: string;
}

/** What the server was asked to hold, so that an apply after this needs no flags. */
export const installationRecord = resource<Found>({
  id: "installation",
  title: "Record of what is wanted",
  read: async ({ paths, wanted }) => ({
    before: await readTextOrNull(paths.installation),
    after: formatInstallation(wanted),
  }),
  compare: ({ before, after }, { paths }) =>
    before === after ? [] : [{ action: "change", what: paths.installation }],
  async change({ before, after }, { paths }) {
    const write = (text: string) => writeFileAtomic(paths.installation, text, { mode: 0o600 });
    await write(after);
    // A first installation that fails is finished by an apply, which must know what was asked for.
    return before === null ? undefined : () => write(before);
  },
});
