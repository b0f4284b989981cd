"""The spawner of this server: each user gets a Unix account of their own."""

from typing import Any

from systemdspawner import SystemdSpawner
from traitlets import Dict, List, Unicode

from tljh.normalize import generate_system_username


class UserCreatingSpawner(SystemdSpawner):
    """A SystemdSpawner that has the daemon make the user's account first."""

    user_groups = Dict(
        value_trait=List(Unicode()),
        key_trait=Unicode(),
        help="For each Unix group the JupyterHub users whose accounts belong to it.",
    ).tag(config=True)

    async def start(self) -> Any:
        """Have account and groups as they should be, then start the server."""
        account = self._own_account()
        self._use_account(account)
        self.disable_user_sudo = not self.user.admin
        self.report_step(20, "Preparing your account")
        made = await self.ask(
            "accounts.ensure",
            {
                "username": self.user.name,
                "account": account,
                "admin": bool(self.user.admin),
                "groups": [
                    group
                    for group, users in self.user_groups.items()
                    if self.user.name in users
                ],
                "patience": self.plugins_patience(),
            },
        )
        self._use_account(made["account"])
        return await super().start()

    async def delete_forever(self) -> None:
        """Have plugins told that the user is removed, by the account that start makes."""
        self._use_account(self._own_account())
        await super().delete_forever()

    def _own_account(self) -> str:
        return generate_system_username("jupyter-" + self.user.name)

    def _use_account(self, account: str) -> None:
        """Set the template, where subclasses look for it; braces stand for themselves."""
        self.username_template = account.replace("{", "{{").replace("}", "}}")
