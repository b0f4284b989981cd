"""For plugins that call it still: there is no traefik here."""

from traitlets.log import get_logger


def ensure_traefik_config(state_dir: str) -> None:
    """Do nothing, and say so."""
    _nothing("ensure_traefik_config")


def ensure_traefik_binary(prefix: str) -> None:
    """Do nothing, and say so."""
    _nothing("ensure_traefik_binary")


def _nothing(name: str) -> None:
    get_logger().warning(
        "tljh.traefik.%s does nothing: this server's proxy is configurable-http-proxy. "
        "`tljh-config reload proxy` applies its settings.",
        name,
    )
