from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EditorialConfig(AppConfig):
    """How a text comes to be public: records, editions, the workflow, corrections."""

    name = "editorial"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import register_converter

        from editorial.converters import EditionNumber
        from editorial.models.changes import begin_the_serial
        from editorial.models.editions import protect_what_editions_name
        from editorial.roles import give_roles_their_permissions
        from editorial.search.index import follow_edition
        from editorial.signals import public_content_changed

        register_converter(EditionNumber, "number")
        # Of the receivers the last: it holds the serial, and nobody waits for anything else after that.
        public_content_changed.connect(follow_edition, dispatch_uid="search")
        protect_what_editions_name()
        post_migrate.connect(begin_the_serial, sender=self)
        # After the last app's migrations, when all permissions can be made.
        post_migrate.connect(give_roles_their_permissions, sender=self)
