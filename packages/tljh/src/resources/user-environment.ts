import { specName } from "@tljh/conda";
import { releasedNames } from "../install/conda-requests.ts";
import { packageSpecs } from "../install/package-specs.ts";
import { readPipRecord } from "../install/pip.ts";
import { requirementsEntries } from "../install/requirements.ts";
import type { Answers } from "../plugins/index.ts";
import { formerPlugins, wantedEntries } from "./contributed.ts";
import { droppedEntries } from "./dropped.ts";
import { environmentResource } from "./environment.ts";
import { environmentChecks } from "./environment-checks.ts";
import { type Former, reasonsByName } from "./environment-differences.ts";

/** JupyterLab and everything that users' notebooks import. */
export const userEnvironment = environmentResource({
  id: "user-environment",
  title: "User environment",
  environment: "user",
  checks: environmentChecks,
  wish: async (context) => {
    const { user } = context.paths;
    const answers = await context.contributions();
    const { contributions, ledger } = answers;
    const requirements = await requirementsEntries(
      context.wanted.userRequirementsTxtUrl,
      await readPipRecord(user),
    );
    const pip = [...wantedEntries(contributions.userPipPackages), ...requirements];
    return {
      conda: contributions.userCondaPackages.map(({ value, plugin }) => ({
        value,
        because: plugin,
      })),
      pip,
      channels: contributions.userCondaChannels.map((entry) => entry.value),
      released: released(user, answers),
      dropped: await droppedEntries(
        user,
        new Set(pip.map(({ value }) => value)),
        formerPlugins(ledger).list("userPipPackages"),
      ),
    };
  },
});

function released(prefix: string, { contributions, ledger }: Answers): Former {
  const former = formerPlugins(ledger).list("userCondaPackages");
  const now = contributions.userCondaPackages.map(({ value }) => value);
  const names = releasedNames(prefix, { once: former.keys(), now }, packageSpecs.user);
  const plugins = reasonsByName([...former].map(([value, because]) => ({ value, because })));
  return new Map(names.map((name) => [name, plugins.get(specName(name)) ?? ""]));
}
