"""What a Littlest JupyterHub runs inside JupyterHub, and what its plugins import."""

__version__ = "2.1.0"
