"""The Django app, for its templates and static files."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class ConsoleConfig(AppConfig):
    name = "amparo.console"

    def ready(self) -> None:
        """Leave `last_login` alone at a sign-in: here it says when somebody first set a password of their own."""
        user_logged_in.disconnect(dispatch_uid="update_last_login")
