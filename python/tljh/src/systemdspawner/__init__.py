"""JupyterHub's SystemdSpawner, for servers whose units tljhd starts and stops."""

from systemdspawner.systemdspawner import ServerStartError, SystemdSpawner

__all__ = ["ServerStartError", "SystemdSpawner"]
