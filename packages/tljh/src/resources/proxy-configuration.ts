import { loadCompleteConfig } from "../config/load.ts";
import { formatProxyConfiguration, proxyConfiguration as fromConfig } from "../hub/index.ts";
import { checkPort } from "../install/preflight.ts";
import { filesResource } from "./file.ts";

/** What the proxy reads; whether its port can be had is looked at before anything depends on it. */
export const proxyConfiguration = filesResource({
  id: "proxy-configuration",
  title: "Proxy configuration",
  async files({ paths }) {
    const { effective } = await loadCompleteConfig(paths.configFile);
    await checkPort(effective.http.address, effective.http.port);
    const content = formatProxyConfiguration(fromConfig(effective));
    return [{ path: paths.proxyConfig, content, mode: 0o600 }];
  },
});
