"""The Django app, for its templates and static files."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "amparo.public"
