from typing import Any

from tljh._undo import Undo
from traitlets.config import Config


class Handler:
    """Stands for what plugins set besides plain data."""


def filled() -> Any:
    c = Config()
    c.JupyterHub.services = [{"name": "culler", "command": ["a"]}]
    c.JupyterHub.spawner_class = Handler
    c.JupyterHub.extra_handlers = [(r"/x", Handler, {"deep": [1]})]
    c.JupyterHub.template_paths.insert(0, "/t")
    c.Spawner.environment.update({"A": "1"})
    c.Authenticator.admin_users = {"teacher"}
    c.plain = 1
    return c


def described(c: Any) -> Any:
    return (
        c.JupyterHub.services,
        c.JupyterHub.spawner_class,
        c.JupyterHub.extra_handlers,
        c.JupyterHub.template_paths.to_dict(),
        c.Spawner.environment.to_dict(),
        c.Authenticator.admin_users,
        c.plain,
        sorted(c),
    )


def test_whatever_was_done_to_the_configuration_is_taken_back():
    c, undo = filled(), None
    section, undo = c.JupyterHub, Undo(c)
    section.services[0]["command"].append("b")
    section.services.append({"name": "plugin"})
    section.spawner_class = "other"
    section.extra_handlers[0][2]["deep"].append(2)
    section.template_paths.insert(0, "/u")
    c.Spawner.environment.update({"A": "2", "B": "3"})
    c.Authenticator.admin_users.add("student")
    c.New.trait = 1
    del c["plain"]
    assert undo.undo() is True
    assert described(c) == described(filled())
    assert c.JupyterHub.spawner_class is Handler
    assert c.JupyterHub.extra_handlers[0][1] is Handler


def test_one_list_in_two_places_is_still_one():
    c = Config()
    c.A.shared = c.B.shared = [1]
    undo = Undo(c)
    c.A.shared.append(2)
    undo.undo()
    assert c.A.shared == [1] and c.A.shared is c.B.shared


def test_what_cannot_be_copied_is_left_and_said():
    c = Config()
    c.A.deep = []
    for _ in range(5_000):
        c.A.deep = [c.A.deep]
    undo = Undo(c)
    c.A.new = 1
    assert undo.undo() is False
    assert undo.obstacle and "RecursionError" in undo.obstacle
    assert c.A.new == 1
    while c.A.deep:
        c.A.deep = c.A.deep[0]
