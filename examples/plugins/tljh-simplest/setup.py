from setuptools import setup

setup(
    name="tljh-simplest",
    version="0.1",
    description="A TLJH plugin in Python that implements every hook, each with an effect "
    "that a test can see",
    license="BSD-3-Clause",
    py_modules=["tljh_simplest"],
    entry_points={"tljh": ["simplest = tljh_simplest"]},
)
