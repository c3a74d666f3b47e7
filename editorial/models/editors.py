from django.contrib.auth.models import AbstractUser
from django.db import models


class Editor(AbstractUser):
    """Somebody who writes, checks or publishes. Never deleted, only deactivated."""

    public_name = models.CharField(
        max_length=120,
        blank=True,
        help_text="The name readers see as author or checker. It is frozen into each edition when that is published.",
    )

    must_choose_password = models.BooleanField(
        default=False,
        editable=False,
        help_text="Somebody else set the password: the next log-in leads to the page where the editor changes it.",
    )

    class Meta(AbstractUser.Meta):
        verbose_name = "editor"
        verbose_name_plural = "editors"

    @property
    def byline(self) -> str:
        """The name readers see. A log-in name never is one."""
        return self.public_name or self.get_full_name() or "an editor"

    def __str__(self) -> str:
        return self.public_name or self.get_full_name() or self.username
