from django.apps import AppConfig


class SiteConfig(AppConfig):
    """What puts the site together: settings, addresses, log-in, page cache, feeds."""

    name = "kosovo_peace"

    def ready(self) -> None:
        from kosovo_peace.accounts import log  # noqa: F401  connects its receivers
