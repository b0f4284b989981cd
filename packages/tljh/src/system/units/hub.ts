import { join } from "node:path";
import type { ServerPaths } from "../paths.ts";
import { unitCommand, unitValue, unitWord } from "./escape.ts";

/** Starts JupyterHub with the configuration of whichever Python the environment has. */
const startScript = [
  "import sys",
  "from importlib.util import find_spec",
  "from jupyterhub.app import main",
  "sys.argv[1:1] = ['-f', find_spec('tljh.jupyterhub_config').origin]",
  "main()",
].join("; ");

function hubCommand(paths: ServerPaths, configScript: string | undefined): string[] {
  const python = join(paths.hub, "bin", "python3");
  return configScript === undefined
    ? [python, "-c", startScript, "--upgrade-db"]
    : [python, "-m", "jupyterhub", "-f", configScript, "--upgrade-db"];
}

/**
 * JupyterHub runs as root unless configured otherwise: most configuration in the wild expects it.
 * It is not bound to the proxy or the daemon, so that restarting one leaves the others alone.
 */
export function hubService(paths: ServerPaths, configScript?: string): string {
  const path = [join(paths.hub, "bin"), "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"].join(":");
  return `[Unit]
Description=JupyterHub
Wants=tljhd.socket tljh-proxy.service
After=tljhd.socket tljh-proxy.service network.target
StartLimitIntervalSec=0

[Service]
User=root
Restart=always
RestartSec=2
WorkingDirectory=${unitValue(paths.state)}
Environment=${unitWord(`TLJH_INSTALL_PREFIX=${paths.prefix}`)}
Environment=${unitWord(`PATH=${path}`)}
# The database is brought up to date by the hub itself; nothing happens when it is already.
ExecStartPre=${unitCommand([join(paths.app, "bin", "tljh"), "hub-config"])}
ExecStart=${unitCommand(hubCommand(paths, configScript))}
# The hub ends its services itself; what is left then is killed.
KillMode=mixed
# Plugins that hang are stopped one by one, two minutes each, and the hub starts without them.
TimeoutStartSec=900
TimeoutStopSec=30
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes

[Install]
WantedBy=multi-user.target
`;
}
