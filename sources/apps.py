from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """Where it comes from: sources, citations, bibliographies."""

    name = "sources"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from editorial.signals import public_content_changed
        from sources.rechecks import close_what_is_over

        public_content_changed.connect(close_what_is_over, dispatch_uid="rechecks")
