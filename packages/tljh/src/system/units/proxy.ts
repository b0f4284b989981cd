import { join } from "node:path";
import type { ServerPaths } from "../paths.ts";
import { unitCommand, unitWord } from "./escape.ts";

/**
 * The only part that faces the network: an account of its own, nothing writable but its state.
 * Keys that only root may read are handed over by the first step, which runs outside of all that.
 */
export function proxyService(paths: ServerPaths): string {
  const program = join(paths.app, "bin", "tljh-proxy");
  return `[Unit]
Description=Web proxy of The Littlest JupyterHub
After=network.target
StartLimitIntervalSec=0

[Service]
Type=notify
# The word comes from systemd-notify, a child of the proxy.
NotifyAccess=all
Restart=always
RestartSec=500ms
TimeoutStartSec=60
TimeoutStopSec=15
Environment=${unitWord(`TLJH_INSTALL_PREFIX=${paths.prefix}`)}
LoadCredential=${unitWord(`proxy.json:${paths.proxyConfig}`)}
LoadCredential=${unitWord(`proxy.secret:${paths.proxySecret}`)}
ExecStartPre=+${unitCommand([program, "prepare"])}
ExecStart=${unitCommand([program])}
DynamicUser=yes
User=tljh-proxy
StateDirectory=tljh-proxy
StateDirectoryMode=0700
RuntimeDirectory=tljh-proxy
RuntimeDirectoryMode=0700
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
LockPersonality=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
# A connection is two files.
LimitNOFILE=65536
UMask=0077

[Install]
WantedBy=multi-user.target
`;
}
