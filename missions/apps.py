from django.apps import AppConfig


class MissionsConfig(AppConfig):
    """What the site is about: missions, events, articles, and what they share."""

    name = "missions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import register_converter

        from editorial.signals import public_content_changed
        from missions.pictures.names import PictureFileConverter
        from missions.rendering import render_public_edition

        register_converter(PictureFileConverter, "picture")
        public_content_changed.connect(render_public_edition, dispatch_uid="render")
