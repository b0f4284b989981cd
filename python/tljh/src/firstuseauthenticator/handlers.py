"""The pages of logging in and of changing a password."""

import os
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader
from jupyterhub.handlers.base import BaseHandler
from jupyterhub.handlers.login import LoginHandler
from tornado import web

TEMPLATES = os.path.join(os.path.dirname(__file__), "templates")


class FirstUseLoginHandler(LoginHandler):
    """JupyterHub's login page, on which the authenticator may give its own reason."""

    custom_login_error = ""

    def _render(self, login_error: str | None = None, *args: Any, **kwargs: Any) -> Any:
        return super()._render(self.custom_login_error or login_error, *args, **kwargs)


class ChangePasswordHandler(BaseHandler):
    """A form by which users change their own password."""

    @web.authenticated
    async def get(self) -> None:
        await self._show()

    @web.authenticated
    async def post(self) -> None:
        password = self.get_body_argument("password", strip=False)
        repeated = self.get_body_argument("password_repeated", password, strip=False)
        if password == repeated:
            name = self.current_user.name
            message = await self.authenticator.reset_password(name, password)
        else:
            message = "The two passwords differ!"
        if "success" in message:
            await self._show(message, "success")
        else:
            self.set_status(400)
            await self._show(message, "danger")

    async def _show(self, message: str = "", alert: str = "") -> None:
        _add_templates(self.settings["jinja2_env"])
        html = await self.render_template(
            "reset.html", result=bool(message), alert=alert, result_message=message
        )
        self.finish(html)


def _add_templates(environment: Any) -> None:
    """Let our template be found, after the admin's own of that name."""
    if getattr(environment, "firstuse_templates", False):
        return
    loaders = [environment.loader, FileSystemLoader([TEMPLATES])]
    environment.loader = ChoiceLoader(loaders)
    environment.firstuse_templates = True
