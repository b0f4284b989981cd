"""Logging of a script that uses this package outside the hub."""

import logging
import os

from tljh.config import INSTALL_PREFIX


def init_logging() -> None:
    """Log to installer.log and to standard error, unless logging is set up already."""
    logger = logging.getLogger("tljh")
    if logger.hasHandlers():
        return
    os.makedirs(INSTALL_PREFIX, exist_ok=True)
    path = os.path.join(INSTALL_PREFIX, "installer.log")
    handlers: list[tuple[logging.Handler, str]] = [
        (logging.FileHandler(path), "%(asctime)s %(message)s"),
        (logging.StreamHandler(), "%(message)s"),
    ]
    for handler, layout in handlers:
        handler.setFormatter(logging.Formatter(layout))
        logger.addHandler(handler)
    logger.setLevel(logging.INFO)
