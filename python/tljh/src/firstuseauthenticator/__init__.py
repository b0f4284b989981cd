"""JupyterHub's FirstUseAuthenticator; tljhd keeps the passwords."""

from firstuseauthenticator.firstuseauthenticator import FirstUseAuthenticator

__all__ = ["FirstUseAuthenticator"]
