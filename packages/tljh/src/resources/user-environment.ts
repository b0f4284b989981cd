import { readPipRecord } from "../install/pip.ts";
import { requirementsEntries } from "../install/requirements.ts";
import { wantedEntries } from "./contributed.ts";
import { environmentResource } from "./environment.ts";

/** JupyterLab and everything that users' notebooks import. */
export const userEnvironment = environmentResource({
  id: "user-environment",
  title: "User environment",
  environment: "user",
  wish: async (context) => {
    const { contributions } = await context.contributions();
    const requirements = await requirementsEntries(
      context.wanted.userRequirementsTxtUrl,
      await readPipRecord(context.paths.user),
    );
    return {
      conda: contributions.userCondaPackages.map(({ value, plugin }) => ({
        value,
        because: plugin,
      })),
      pip: [...wantedEntries(contributions.userPipPackages), ...requirements],
      channels: contributions.userCondaChannels.map((entry) => entry.value),
    };
  },
});
