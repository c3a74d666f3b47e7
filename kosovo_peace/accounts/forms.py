"""What editors type to log in: django-allauth's forms, with our limits and our words."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from cryptography.fernet import InvalidToken
from django import forms
from django.core.exceptions import ValidationError

from editorial import people
from kosovo_peace.accounts import attempts
from kosovo_peace.accounts.second_factor import is_right


def _plain(form: forms.Form) -> None:
    """Labels say what belongs into a field: nothing stands in it that goes away when one types."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class LogInForm(LoginForm):
    """User name and password. What is wrong with them is not said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocapitalize": "none", "spellcheck": "false"}

    def clean(self) -> Any:
        """Raises ValidationError, whatever the password, once there were too many tries."""
        if not self.errors:
            attempts.count_password(context.request, self.cleaned_data["login"])
        cleaned = super().clean()
        if self.user and not (self.user.is_staff and self.user.is_active):
            raise ValidationError(
                "This account has no role, so it opens no page. Ask a managing editor to give it one.", code="no_role"
            )
        return cleaned


class PasswordAgainForm(ReauthenticateForm):
    """The password once more, before something that matters for the account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)

    def clean_password(self) -> str:
        attempts.count_password(context.request, self.user.username)
        return str(super().clean_password())


class ChangePasswordForm(AllauthChangePasswordForm):
    """One's own password: the old one, and the new one twice."""

    field_order = ("oldpassword", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["oldpassword"].label = "Current password"
        self.fields["password1"].label = "New password"
        self.fields["password2"].label = "New password again"

    def clean_oldpassword(self) -> str:
        attempts.count_password(context.request, self.user.username)
        return str(super().clean_oldpassword())

    def clean(self) -> Any:
        cleaned = super().clean()
        if cleaned.get("password1") and cleaned["password1"] == cleaned.get("oldpassword"):
            self.add_error("password1", "This is the old one. Choose another.")
        return cleaned

    def save(self) -> None:
        self.user.must_choose_password = False
        super().save()
        people.log(self.user, "Changed the password.")


class _CountedCode(forms.Form):
    """A code of the second factor or a recovery code, each good once, and tried for a few times only."""

    user: Any
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["code"].widget.attrs |= {"autofocus": True, "inputmode": "numeric"}

    def clean_code(self) -> str:
        attempts.count_code(context.request, self.user)
        code: str = self.cleaned_data["code"]
        try:
            for authenticator in Authenticator.objects.filter(user=self.user).exclude(type="webauthn"):
                if is_right(authenticator, code):
                    authenticator.user = self.user
                    self.authenticator = authenticator
                    return code
        except InvalidToken:  # SECRET_KEY has changed since
            raise ValidationError(
                "Your second factor must be set up anew: ask a managing editor to reset it."
            ) from None
        people.log(self.user, "A wrong code of the second factor was given, after the right password.")
        raise ValidationError(
            "This code is not right, or was used before. Wait for the next one your app shows.", code="incorrect_code"
        )


class CodeForm(_CountedCode, AuthenticateForm):
    """The second step of a log-in."""


class CodeAgainForm(_CountedCode, CodeReauthenticateForm):
    """A code once more, before something that matters for the account."""


class SetUpForm(ActivateTOTPForm):
    """The first code of an app shows that it has read the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
        self.fields["code"].label = "The code your app shows now"
        self.fields["code"].widget.attrs |= {"inputmode": "numeric"}

    @property
    def key(self) -> str:
        """The secret in groups of four, as one types it from a page into an app."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))

    def clean_code(self) -> str:
        attempts.count_code(context.request, self.user)
        code = str(super().clean_code())
        # The recovery codes come next, and who has just shown both factors is not asked for them again.
        record_authentication(context.request, self.user, "mfa", reauthenticated=True)
        return code
