import { hub, ports } from "./answers.ts";
import { certificate } from "./certificate.ts";
import type { Check } from "./check.ts";
import { configuration } from "./configuration.ts";
import { disk } from "./disk.ts";
import { environments } from "./environments.ts";
import { plan } from "./plan.ts";
import { pluginHealth, plugins, reports } from "./plugins.ts";
import { daemon, services } from "./services.ts";

/** What `tljh doctor` looks at, in the order in which one thing needs another. */
export const doctorChecks: readonly Check[] = [
  configuration,
  disk,
  environments,
  services,
  daemon,
  ports,
  certificate,
  hub,
  plugins,
  reports,
  pluginHealth,
];

/** Takes as long as `tljh plan` does, so it is looked at only when asked for. */
export const planCheck: Check = plan;

/** What `tljh status` says of plugins. */
export const statusChecks: readonly Check[] = [configuration, plugins, reports, pluginHealth];
