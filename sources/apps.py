from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """Where it comes from: sources, citations, bibliographies."""

    name = "sources"
    default_auto_field = "django.db.models.BigAutoField"
