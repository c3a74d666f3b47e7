"""The pages under /accounts/: those of django-allauth that editors need. There are no others.

Nobody signs up, and no mail is sent: managing editors make accounts and set new passwords.
"""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.contrib import admin
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache


def page(address: str, view: Any, name: str, title: str) -> URLPattern:
    """A page with its heading, which no browser or proxy keeps."""
    site = {"site_header": admin.site.site_header, "site_title": admin.site.site_title}
    return path(address, never_cache(view.as_view(extra_context=site | {"title": title})), name=name)


CODES = "second-factor/recovery-codes/"

urlpatterns = [
    page("login/", account.LoginView, "account_login", "Log in"),
    path("logout/", admin.site.logout, name="account_logout"),
    page("password/", account.PasswordChangeView, "account_change_password", "Change your password"),
    page("reauthenticate/", account.ReauthenticateView, "account_reauthenticate", "Your password once more"),
    page("second-factor/", second_factor.IndexView, "mfa_index", "Second factor"),
    page("second-factor/code/", second_factor.AuthenticateView, "mfa_authenticate", "Second factor"),
    page("second-factor/again/", second_factor.ReauthenticateView, "mfa_reauthenticate", "A code once more"),
    page("second-factor/set-up/", totp.ActivateTOTPView, "mfa_activate_totp", "Set up the second factor"),
    page("second-factor/remove/", totp.DeactivateTOTPView, "mfa_deactivate_totp", "Remove the second factor"),
    page(CODES, recovery_codes.ViewRecoveryCodesView, "mfa_view_recovery_codes", "Recovery codes"),
    page(f"{CODES}new/", recovery_codes.GenerateRecoveryCodesView, "mfa_generate_recovery_codes", "New recovery codes"),
]
