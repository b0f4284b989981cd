import { aptLeftovers, aptPackages } from "./apt-packages.ts";
import { commands } from "./commands.ts";
import { configuration } from "./configuration.ts";
import { folders } from "./folders.ts";
import { groups } from "./groups.ts";
import { hubAnswers } from "./hub-answers.ts";
import { hubEnvironment, hubPackages, pythonPlugins } from "./hub-environment.ts";
import { installationRecord } from "./installation-record.ts";
import { intentions, ledger } from "./ledger.ts";
import { passwords } from "./passwords.ts";
import { pluginLock } from "./plugin-lock.ts";
import { pluginSettings } from "./plugin-settings.ts";
import { npmPlugins } from "./plugins.ts";
import { postInstall } from "./post-install.ts";
import { prerequisites } from "./prerequisites.ts";
import { program } from "./program.ts";
import { proxyConfiguration } from "./proxy-configuration.ts";
import type { AnyResource } from "./resource.ts";
import { secrets } from "./secrets.ts";
import { runningServices } from "./services.ts";
import { sudoers } from "./sudoers.ts";
import { units } from "./units.ts";
import { userEnvironment } from "./user-environment.ts";

/** Everything a server is made of, in the order in which one needs another. */
export const server: readonly AnyResource[] = [
  folders,
  prerequisites,
  program,
  secrets,
  groups,
  sudoers,
  hubEnvironment,
  pythonPlugins,
  npmPlugins,
  pluginSettings,
  intentions,
  configuration,
  passwords,
  aptPackages,
  hubPackages,
  userEnvironment,
  // Only now, so that a wish that cannot be met does not stay on record.
  installationRecord,
  proxyConfiguration,
  units,
  commands,
  runningServices,
  hubAnswers,
  postInstall,
  // Only now, when nothing is taken back any more.
  aptLeftovers,
  ledger,
  pluginLock,
];
