"""The file JupyterHub loads: `python -m jupyterhub -f …/tljh/jupyterhub_config.py`."""

from tljh._hub_config import configure

# Both names are given by traitlets, which executes this file.
configure(get_config(), load_subconfig)  # type: ignore[name-defined] # noqa: F821
