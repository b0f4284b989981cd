"""An authenticator that takes a user's first password for theirs."""

import asyncio
from glob import glob
from typing import Any

from jupyterhub import orm
from jupyterhub.auth import Authenticator
from jupyterhub.utils import maybe_future
from tljh import _daemon
from tornado import web
from traitlets import Bool, Integer, Unicode, default

from firstuseauthenticator.handlers import ChangePasswordHandler, FirstUseLoginHandler

LONGEST_PASSWORD = 4096


class FirstUseAuthenticator(Authenticator):
    """
    A password is set by using it for the first time, and checked from then on.

    No password, nor anything made from one, is kept or logged here.
    """

    dbm_path = Unicode(
        "passwords.dbm",
        help="Accepted, and without effect: tljhd keeps the passwords.",
    ).tag(config=True)

    check_passwords_on_startup = Bool(
        True, help="Accepted, and without effect: tljhd keeps the passwords."
    ).tag(config=True)

    create_users = Bool(
        True,
        help="""
        Let people log in whom JupyterHub does not know yet.

        If false, an admin adds them first: on the admin page, or to the allowed or
        admin users.
        """,
    ).tag(config=True)

    min_password_length = Integer(
        7, help="Number of characters that a new password has at least."
    ).tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Of two first logins at once, the second is checked against the first.
        self._setting = asyncio.Lock()
        if old := glob(self.dbm_path + "*"):
            self.log.warning(
                "The passwords in %s are not read. Whoever is not in tljhd's file yet "
                "sets a new one at the next login. Remove the old file when all have.",
                ", ".join(old),
            )

    @default("allow_all")
    def _allow_all_default(self) -> bool:
        return not self.allowed_users

    def validate_username(self, username: str) -> bool:
        if any(character in ", " or ord(character) < 32 for character in username):
            return False
        return bool(super().validate_username(username))

    async def authenticate(self, handler: Any, data: dict[str, str]) -> str | None:
        """The user's name, if the password is theirs or has just become so."""
        username = self.normalize_username(data.get("username", ""))
        password = data.get("password", "")
        if not username or not self.validate_username(username):
            return None
        known = self.create_users or self._user_exists(handler, username)
        # Asked for unknown names too: the time taken shall not tell them apart.
        checked = await self._ask("check", username, password)
        if not known:
            return None
        if checked["exists"]:
            return username if checked["valid"] else None
        async with self._setting:
            checked = await self._ask("check", username, password)
            if checked["exists"]:
                return username if checked["valid"] else None
            return await self._first_use(handler, username, password)

    async def delete_user(self, user: Any) -> None:
        """Forget the password of a user who is removed: a way to set it anew."""
        await _daemon.call("passwords.forget", {"username": user.name})

    async def reset_password(self, username: str, new_password: str) -> str:
        """Set a password; the answer is meant for the user."""
        if refusal := self._refusal(new_password):
            return refusal
        await self._ask("set", self.normalize_username(username), new_password)
        self.log.info("Password of %s changed", username)
        return "Your password has been changed successfully!"

    def get_handlers(self, app: Any) -> list[tuple[str, type]]:
        return [
            ("/login", FirstUseLoginHandler),
            ("/auth/change-password", ChangePasswordHandler),
        ]

    async def _first_use(
        self, handler: Any, username: str, password: str
    ) -> str | None:
        if not await self._may_log_in(username):
            # Somebody who is not allowed yet must not fix the password for later.
            return None
        if refusal := self._refusal(password):
            handler.custom_login_error = refusal
            self.log.warning("First login of %s refused: %s", username, refusal)
            return None
        await self._ask("set", username, password)
        return username

    async def _may_log_in(self, username: str) -> bool:
        authentication = {"name": username, "auth_state": None, "admin": None}
        if not await maybe_future(self.check_blocked_users(username, authentication)):
            return False
        return self.allow_all or bool(
            await maybe_future(self.check_allowed(username, authentication))
        )

    def _validate_password(self, password: str) -> bool:
        return len(password) >= self.min_password_length

    def _refusal(self, password: str) -> str | None:
        if len(password) > LONGEST_PASSWORD:
            return f"Password too long! At most {LONGEST_PASSWORD} characters are kept."
        if self._validate_password(password):
            return None
        return (
            "Password too short! Please choose a password at least "
            f"{self.min_password_length} characters long."
        )

    def _user_exists(self, handler: Any, username: str) -> bool:
        return orm.User.find(handler.db, username) is not None

    async def _ask(self, method: str, username: str, password: str) -> Any:
        params = {"username": username, "password": password}
        try:
            return await _daemon.call(f"passwords.{method}", params)
        except _daemon.DaemonError as error:
            self.log.error("Passwords cannot be reached: %s", error)
            raise web.HTTPError(503, "%s", error) from None
