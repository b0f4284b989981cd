"""For plugins that call it still: there is no traefik here."""

from traitlets.log import get_logger


def ensure_traefik_config(state_dir: str) -> None:
    """Do nothing, and say so."""
    get_logger().warning(
        "tljh.traefik.ensure_traefik_config does nothing: this server's proxy is "
        "configurable-http-proxy. `tljh-config reload proxy` applies its settings."
    )
