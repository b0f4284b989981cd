import { join } from "node:path";
import type { ServerPaths } from "../paths.ts";
import { unitCommand, unitValue, unitWord } from "./escape.ts";

/** Holds the connections while the daemon is restarted. */
export function daemonSocket(paths: ServerPaths): string {
  return `[Unit]
Description=Socket of the daemon of The Littlest JupyterHub

[Socket]
ListenStream=${unitValue(paths.socket)}
SocketUser=root
SocketGroup=root
SocketMode=0600
DirectoryMode=0755

[Install]
WantedBy=sockets.target
`;
}

/** Makes accounts and starts servers, so it is not locked in; user servers are units of their own. */
export function daemonService(paths: ServerPaths): string {
  return `[Unit]
Description=Accounts, user servers and passwords of The Littlest JupyterHub
Requires=tljhd.socket
After=tljhd.socket dbus.socket network.target
StartLimitIntervalSec=0

[Service]
Type=exec
Restart=always
RestartSec=500ms
# Where plugins' hooks about users have always been called.
WorkingDirectory=-${unitValue(paths.state)}
Environment=${unitWord(`TLJH_INSTALL_PREFIX=${paths.prefix}`)}
# Little memory: what hashing passwords took is given back at once, and garbage is collected early.
Environment=MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=1048576 NODE_OPTIONS=--max-semi-space-size=2
ExecStart=${unitCommand([join(paths.app, "bin", "tljhd")])}
KillMode=mixed
TimeoutStopSec=30
OOMScoreAdjust=-500
UMask=0022

[Install]
WantedBy=multi-user.target
Also=tljhd.socket
`;
}
