import { readPipRecord } from "../install/pip.ts";
import { requirementsEntries } from "../install/requirements.ts";
import { collectContributions } from "../plugins/index.ts";
import { environmentResource } from "./environment.ts";

/** JupyterLab and everything that users' notebooks import. */
export const userEnvironment = environmentResource({
  id: "user-environment",
  title: "User environment",
  environment: "user",
  wish: async (context) => {
    const { manager } = await context.plugins();
    const contributions = await collectContributions(manager);
    const reason = ({ value, plugin }: { value: string; plugin: string }) => ({
      value,
      because: plugin,
    });
    const requirements = await requirementsEntries(
      context.wanted.userRequirementsTxtUrl,
      await readPipRecord(context.paths.user),
    );
    return {
      conda: contributions.userCondaPackages.map(reason),
      pip: [...contributions.userPipPackages.map(reason), ...requirements],
      channels: contributions.userCondaChannels.map((entry) => entry.value),
    };
  },
});
