"""Logging in: password, second factor, how often they may be tried, and what managing editors do to accounts."""

from __future__ import annotations

import re
import threading
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from editorial.models import Editor, Notice, RateLimit
from editorial.roles import AUTHOR, REVIEWER
from kosovo_peace.accounts import attempts
from kosovo_peace.accounts.second_factor import is_right
from kosovo_peace.accounts.urls import urlpatterns
from kosovo_peace.management.commands.work import forget_expired_sessions
from tests.factories import PASSWORD, EditorFactory, MissionFactory, author, managing_editor, published, reviewer
from tests.second_factor import code, recovery_codes_on, secret_on

pytestmark = pytest.mark.django_db

LOG_IN = "/accounts/login/"
CODE = "/accounts/second-factor/code/"
SET_UP = "/accounts/second-factor/set-up/"
RECOVERY = "/accounts/second-factor/recovery-codes/"
OTHER = "a quite different pass phrase"
RIGHT = {"login": "ana", "password": PASSWORD}
WRONG = {"login": "ana", "password": "wrong"}


@pytest.fixture
def ana():
    return author(username="ana", public_name="Ana")


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR = True


def logged_in(client) -> bool:
    return "_auth_user_id" in client.session


def set_up(client) -> str:
    """Set the second factor up in a browser where one has just logged in; returns its secret."""
    secret = secret_on(client.get(SET_UP).text)
    response = client.post(SET_UP, {"code": code(secret, later=-1)})
    assert response["Location"] == RECOVERY
    return secret


def with_second_factor(editor) -> str:
    client = Client()
    client.post(LOG_IN, {"login": editor.username, "password": PASSWORD})
    secret = set_up(client)
    RateLimit.objects.all().delete()
    return secret


# Password


def test_a_password_opens_the_first_page_and_the_page_that_was_asked_for(client, ana):
    asked = client.get("/admin/missions/mission/")
    asked = client.get(asked["Location"])
    assert asked["Location"] == LOG_IN + "?" + urlencode({"next": "/admin/missions/mission/"})
    page = client.get(asked["Location"])
    assert 'name="next" value="/admin/missions/mission/"' in page.text
    response = client.post(LOG_IN, RIGHT | {"next": "/admin/missions/mission/"})
    assert response["Location"] == "/admin/missions/mission/"
    assert client.get("/admin/").status_code == 200
    assert Client().post(LOG_IN, RIGHT)["Location"] == "/admin/"


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "http:///evil.example", "javascript:alert(1)"],
)
def test_a_log_in_leads_to_this_site_only(client, ana, address):
    query = "?" + urlencode({"next": address})
    assert "evil" not in client.get("/admin/login/" + query)["Location"]
    assert client.post(LOG_IN + query, RIGHT)["Location"] == "/admin/"
    assert client.get(LOG_IN + query)["Location"] == "/admin/"
    assert client.get("/admin/login/" + query, follow=True).redirect_chain[-1][0] == "/admin/"


def test_the_admin_has_no_log_in_of_its_own_not_even_for_who_is_logged_in(client, ana):
    cem = reviewer()
    for who in (None, cem):
        if who:
            client.force_login(who)
        response = client.post("/admin/login/", {"username": "ana", "password": PASSWORD})
        assert response["Location"].startswith(LOG_IN)
        assert client.session.get("_auth_user_id") == (str(cem.pk) if who else None)


def test_unknown_and_inactive_accounts_get_the_same_answer_as_a_wrong_password(client, ana):
    def said(**typed) -> str:
        page = client.post(LOG_IN, typed)
        assert page.status_code == 200
        return re.findall(r'<ul class="errorlist[^>]*>.*?</ul>', page.text)[0]

    first = said(**WRONG)
    assert said(login="nobody", password="wrong") == first
    Editor.objects.update(is_active=False)
    assert said(**RIGHT) == first
    assert not logged_in(client)


def test_a_name_or_password_that_no_account_can_have_is_only_wrong(client, ana):
    for odd in ("\0", "a\0na", "x" * 10_000, "\ud83d", "ана", "' OR 1=1"):
        for typed in ({"login": odd, "password": PASSWORD}, {"login": "ana", "password": odd}, {"login": odd}):
            RateLimit.objects.all().delete()
            sent = urlencode(typed, errors="replace")
            response = client.post(LOG_IN, sent, content_type="application/x-www-form-urlencoded")
            assert response.status_code == 200
    assert client.post(LOG_IN, b"login=\xff\xfe&password=%ff", content_type="text/plain").status_code == 200
    assert not logged_in(client)


def test_an_account_without_a_role_says_so_to_its_owner_only(client):
    EditorFactory(username="ana", is_staff=False)
    assert "no role" in client.post(LOG_IN, RIGHT).text
    assert "no role" not in client.post(LOG_IN, WRONG).text
    assert not logged_in(client)


def test_who_is_logged_in_without_a_role_is_refused_and_not_sent_round_in_circles(client):
    client.force_login(EditorFactory(is_staff=False))
    assert client.get("/admin/", follow=True).status_code == 403


def test_a_session_is_new_at_log_in_and_ends_with_the_browser_or_after_twelve_hours(client, ana, settings):
    client.get(LOG_IN)
    response = client.post(LOG_IN, RIGHT)
    cookie = response.cookies["sessionid"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")
    assert settings.SESSION_COOKIE_AGE == 12 * 3600
    Session.objects.update(expire_date=timezone.now())
    forget_expired_sessions()
    assert not Session.objects.exists()


def test_readers_cost_no_query_more(client):
    published(MissionFactory(slug="kfor"))
    client.get("/missions/kfor/")
    with CaptureQueriesContext(connection) as captured:
        response = client.get("/missions/kfor/")
    assert not [query for query in captured if re.search('FROM "(django_session|editorial_editor|mfa_)', query["sql"])]
    assert "Cookie" not in response.get("Vary", "")


# How often


def test_a_password_cannot_be_tried_for_without_end_from_one_address(client, ana):
    for number in range(attempts.PASSWORDS_BY_ADDRESS):
        assert client.post(LOG_IN, WRONG | {"login": f"name{number}"}).status_code == 200
    refused = client.post(LOG_IN, RIGHT)
    assert "too many attempts" in refused.text
    assert not logged_in(client)
    assert client.post(LOG_IN, RIGHT, REMOTE_ADDR="192.0.2.7").status_code == 302


@pytest.mark.parametrize("name", ["ana", "nobody"])
def test_an_account_cannot_be_tried_without_end_from_many_addresses_whether_it_is_there_or_not(client, ana, name):
    for number in range(attempts.PASSWORDS_BY_ACCOUNT):
        client.post(LOG_IN, WRONG | {"login": name.upper() if number % 2 else name}, REMOTE_ADDR=f"192.0.2.{number}")
    refused = client.post(LOG_IN, RIGHT | {"login": name}, REMOTE_ADDR="192.0.2.200")
    assert "too many attempts" in refused.text
    assert not logged_in(client)


def test_nobody_keeps_an_editor_out_of_a_browser_where_he_or_she_has_logged_in_before(client, ana):
    client.post(LOG_IN, RIGHT)
    client.post("/accounts/logout/")
    stranger = Client()
    for number in range(attempts.PASSWORDS_BY_ADDRESS + 1):
        stranger.post(LOG_IN, WRONG | {"login": "ana" if number < 15 else f"name{number}"})
    assert "too many attempts" in stranger.post(LOG_IN, RIGHT).text
    assert client.post(LOG_IN, RIGHT).status_code == 302


def test_a_known_browser_is_known_for_its_own_editor_only_and_counted_too(client, ana):
    EditorFactory(username="bea")
    client.post(LOG_IN, RIGHT)
    client.post("/accounts/logout/")
    cookie = client.cookies["known_browser"]
    assert (cookie["httponly"], cookie["path"]) == (True, "/accounts/")
    for _ in range(attempts.PASSWORDS_BY_ACCOUNT):
        client.post(LOG_IN, WRONG)
        client.post(LOG_IN, WRONG | {"login": "bea"})
    assert "too many attempts" in client.post(LOG_IN, RIGHT).text
    assert "too many attempts" in client.post(LOG_IN, RIGHT | {"login": "bea"}).text


def test_a_forged_sign_of_a_known_browser_is_none(client, ana):
    for forged in ("x", "WyJhbmEiLCJ4Il0:1:x", "\x00"):
        client.cookies["known_browser"] = forged
        client.post(LOG_IN, WRONG)
    assert not RateLimit.objects.filter(bucket__startswith="password, browser").exists()


def test_what_is_counted_names_neither_address_nor_editor(client, ana):
    client.post(LOG_IN, WRONG, REMOTE_ADDR="192.0.2.7")
    for bucket in RateLimit.objects.values_list("bucket", flat=True):
        assert "ana" not in bucket
        assert "192.0.2.7" not in bucket


# Second factor


def test_without_a_second_factor_where_it_is_required_there_is_only_the_page_that_sets_it_up(client, ana, required):
    assert client.post(LOG_IN, RIGHT, follow=True).redirect_chain[-1][0] == SET_UP
    mission = published(MissionFactory(slug="kfor"))
    for address in (
        "/admin/", "/admin/missions/mission/", f"/admin/missions/mission/{mission.pk}/change/", RECOVERY,
        "/accounts/second-factor/", "/accounts/second-factor/remove/", "/accounts/password/", "/missions/kfor/", "/",
    ):  # fmt: skip
        for answer in (client.get(address), client.post(address, {"title": "x"})):
            assert (answer.status_code, answer["Location"]) == (302, SET_UP), address
    assert client.get(SET_UP).status_code == 200
    assert client.post("/accounts/logout/").status_code == 200
    assert client.get("/").status_code == 200


def test_setting_it_up_shows_the_recovery_codes_once_and_opens_the_site(client, ana, required):
    client.post(LOG_IN, RIGHT)
    page = client.get(SET_UP)
    assert 'src="data:image/svg+xml;base64,' in page.text
    assert "no-store" in page["Cache-Control"]
    secret = secret_on(page.text)
    assert client.get("/favicon.ico").status_code == 200, "browsers ask for it by themselves, and no key is made anew"
    wrong = client.post(SET_UP, {"code": "000000" if code(secret) != "000000" else "111111"})
    assert wrong.status_code == 200
    assert secret_on(wrong.text) == secret
    shown = client.post(SET_UP, {"code": code(secret)}, follow=True)
    assert len(set(recovery_codes_on(shown.text))) == 10
    again = client.get(RECOVERY)
    assert recovery_codes_on(again.text) == []
    assert "10 recovery codes left" in again.text
    assert client.get("/admin/").status_code == 200
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(one in kept for one in recovery_codes_on(shown.text))


def test_logging_in_takes_both_password_and_code(client, ana):
    secret = with_second_factor(ana)
    assert client.post(LOG_IN, RIGHT)["Location"] == CODE
    assert not logged_in(client)
    assert client.get("/admin/").status_code == 302
    assert client.get(RECOVERY)["Location"].startswith(LOG_IN)
    assert client.post(CODE, {"code": f"{code(secret)[:3]} {code(secret)[3:]}"})["Location"] == "/admin/"
    assert logged_in(client)
    assert Client().get(CODE)["Location"] == LOG_IN


def test_the_page_that_was_asked_for_is_remembered_over_both_steps(client, ana):
    secret = with_second_factor(ana)
    client.post(LOG_IN, RIGHT | {"next": "/admin/missions/mission/"})
    assert client.post(CODE, {"code": code(secret)})["Location"] == "/admin/missions/mission/"


def test_a_code_is_good_once_and_so_are_those_before_it_whichever_process_is_asked(client, ana):
    secret = with_second_factor(ana)
    for later, good in ((0, True), (0, False), (-1, False), (1, True)):
        cache.clear()  # another process
        client.post(LOG_IN, RIGHT)
        client.post(CODE, {"code": code(secret, later=later)})
        assert logged_in(client) == good, later
        client.logout()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_the_same_code_at_once_one_gets_in(ana):
    secret = with_second_factor(ana)
    given, gate, taken = code(secret), threading.Barrier(2), []

    def give() -> None:
        authenticator = Authenticator.objects.get(user=ana, type="totp")
        gate.wait()
        taken.append(is_right(authenticator, given))
        connection.close()

    threads = [threading.Thread(target=give) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [False, True]


def test_a_recovery_code_is_good_once(client, ana):
    client.post(LOG_IN, RIGHT)
    secret = secret_on(client.get(SET_UP).text)
    first, *_ = recovery_codes_on(client.post(SET_UP, {"code": code(secret)}, follow=True).text)
    for good in (True, False):
        client.logout()
        client.post(LOG_IN, RIGHT)
        client.post(CODE, {"code": first})
        assert logged_in(client) == good


def test_codes_cannot_be_guessed_for_long_even_by_many_processes_and_the_editor_hears_of_it(client, ana):
    secret = with_second_factor(ana)
    for number in range(attempts.CODES):
        cache.clear()
        other = Client(REMOTE_ADDR=f"192.0.2.{number}")
        other.post(LOG_IN, RIGHT)
        assert "not right" in other.post(CODE, {"code": "12"}).text
    client.post(LOG_IN, RIGHT)
    for _ in range(2):
        assert "too many attempts" in client.post(CODE, {"code": code(secret)}).text
    assert not logged_in(client)
    assert "change your password" in Notice.objects.get(to=ana).text


def test_odd_codes_are_only_wrong(client, ana):
    with_second_factor(ana)
    for odd in ("", "\0", "٣٣٣٣٣٣", "x" * 10_000, "------", "１２３４５６"):
        RateLimit.objects.all().delete()
        client.post(LOG_IN, RIGHT)
        assert client.post(CODE, {"code": odd}).status_code == 200
    assert client.post(CODE, {}).status_code in (200, 302)
    assert not logged_in(client)


def test_removing_it_takes_the_password_again_and_leads_to_a_new_one(client, ana, required):
    secret = with_second_factor(ana)
    client.post(LOG_IN, RIGHT)
    client.post(CODE, {"code": code(secret)})
    remove = "/accounts/second-factor/remove/"
    asked = client.post(remove)
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert Authenticator.objects.filter(user=ana).exists()
    assert "Incorrect password" in client.post(asked["Location"], {"password": "wrong"}).text
    client.post(asked["Location"], {"password": PASSWORD, "next": remove})
    client.post(remove)
    assert not Authenticator.objects.filter(user=ana).exists()
    assert client.get("/admin/")["Location"] == SET_UP


def test_an_old_session_sets_up_a_second_factor_only_with_the_password(client, ana):
    client.force_login(ana)
    assert client.get(SET_UP)["Location"].startswith("/accounts/reauthenticate/")


def test_a_second_factor_whose_key_is_lost_says_what_to_do(client, ana, settings):
    with_second_factor(ana)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [settings.SECRET_KEY]
    client.post(LOG_IN, RIGHT)
    assert "not right" in client.post(CODE, {"code": "1"}).text
    settings.SECRET_KEY_FALLBACKS = []
    client.post(LOG_IN, RIGHT)
    assert "ask a managing editor to reset it" in client.post(CODE, {"code": "1"}).text


# Which pages there are


@pytest.mark.parametrize(
    "address",
    [
        "", "signup/", "email/", "confirm-email/", "confirm-email/x/", "inactive/", "password/change/", "password/set/",
        "password/reset/", "password/reset/done/", "password/reset/key/1-x/", "login/code/", "login/code/confirm/",
        "2fa/", "webauthn/", "second-factor/recovery-codes/download/", "social/", "unknown/",
    ],
)  # fmt: skip
def test_there_are_no_other_pages_and_nobody_signs_up(client, ana, address):
    for who in (None, ana):
        if who:
            client.force_login(who)
        assert client.get("/accounts/" + address).status_code == 404
        assert client.post("/accounts/" + address, {"username": "x", "password1": OTHER}).status_code == 404
    assert Editor.objects.count() == 1


def test_every_post_without_a_token_is_refused(ana):
    with_second_factor(ana)
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    before = Editor.objects.get(pk=ana.pk).password, Authenticator.objects.count()
    for pattern in urlpatterns:
        for browser in (client, Client(enforce_csrf_checks=True)):
            answer = browser.post(reverse(pattern.name), RIGHT | {"code": "1", "password1": OTHER, "password2": OTHER})
            assert answer.status_code == 403, pattern.name
    assert (Editor.objects.get(pk=ana.pk).password, Authenticator.objects.count()) == before
    assert logged_in(client)


def test_no_page_of_an_account_is_kept_by_a_browser_or_proxy(client, ana):
    seen = []
    for who in (None, ana):
        if who:
            client.post(LOG_IN, RIGHT)
        for pattern in urlpatterns:
            response = client.get(reverse(pattern.name))
            if response.status_code == 200:
                seen.append(pattern.name)
                assert "no-store" in response["Cache-Control"], pattern.name
    assert {"account_login", "mfa_activate_totp", "mfa_index", "account_change_password"} <= set(seen)


def test_nobody_sees_the_rows_of_second_factors_in_the_admin(client):
    client.force_login(EditorFactory(is_superuser=True))
    for address in ("/admin/mfa/authenticator/", "/admin/account/emailaddress/"):
        assert client.get(address).status_code == 404


# One's own password


def test_one_s_own_password_takes_the_old_one_and_ends_other_sessions(client, ana):
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.post(LOG_IN, RIGHT)
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/"
    new = {"password1": OTHER, "password2": OTHER}
    assert "current password" in client.post("/accounts/password/", new | {"oldpassword": "wrong"}).text
    same = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    assert "old one" in client.post("/accounts/password/", same).text
    short = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    assert "12 characters" in client.post("/accounts/password/", short).text
    assert client.post("/accounts/password/", new | {"oldpassword": PASSWORD})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302


def test_the_old_password_cannot_be_guessed_there(client, ana):
    client.force_login(ana)
    for _ in range(attempts.PASSWORDS_BY_ACCOUNT):
        client.post("/accounts/password/", {"oldpassword": "wrong", "password1": OTHER, "password2": OTHER})
    page = client.post("/accounts/password/", {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER})
    assert "too many attempts" in page.text
    assert "too many attempts" in client.post("/accounts/reauthenticate/", {"password": PASSWORD}).text


# Managing editors


def address_of(name: str, editor: Editor, *more: str) -> str:
    return reverse(f"admin:{name}", args=[editor.pk, *more])


def test_a_password_set_by_somebody_else_is_told_and_is_good_until_another_is_chosen(client, ana):
    dua, other = managing_editor(public_name="Dua"), managing_editor()
    at_work = Client()
    at_work.post(LOG_IN, RIGHT)
    client.force_login(dua)
    page = address_of("auth_user_password_change", ana)
    assert "logged out everywhere" in client.get(page).text
    assert "12 characters" in client.post(page, {"password1": "short", "password2": "short"}).text
    assert client.post(page, {"password1": OTHER, "password2": OTHER}).status_code == 302

    assert at_work.get("/admin/").status_code == 302
    assert not Session.objects.filter(session_key=at_work.cookies["sessionid"].value).exists()
    assert Notice.objects.get(to=ana).text.startswith("Your password was set by Dua on ")
    assert "password was set by Dua" in Notice.objects.get(to=other).text
    assert not Notice.objects.filter(to=dua).exists()
    entry = LogEntry.objects.filter(object_id=str(ana.pk), user=dua).get()
    assert entry.change_message.startswith("Set the password")

    at_work.post(LOG_IN, RIGHT | {"password": OTHER})
    for address in ("/admin/", "/accounts/second-factor/", SET_UP, "/"):
        assert at_work.get(address)["Location"] == "/accounts/password/"
    assert "Somebody else has set" in at_work.get("/accounts/password/").text
    mine = "only ana knows this phrase"
    at_work.post("/accounts/password/", {"oldpassword": OTHER, "password1": mine, "password2": mine})
    assert at_work.get("/admin/").status_code == 200


def test_nobody_sets_their_own_password_without_the_old_one(client):
    dua = managing_editor()
    client.force_login(dua)
    answer = client.post(address_of("auth_user_password_change", dua), {"password1": OTHER, "password2": OTHER})
    assert answer["Location"] == "/accounts/password/"
    assert Editor.objects.get(pk=dua.pk).check_password(PASSWORD)


def test_a_lost_second_factor_is_reset_by_a_managing_editor_and_told(client, ana, required):
    with_second_factor(ana)
    dua = managing_editor(public_name="Dua")
    secret = with_second_factor(dua)
    client.post(LOG_IN, {"login": dua.username, "password": PASSWORD})
    client.post(CODE, {"code": code(secret)})
    half_in = Client()
    half_in.post(LOG_IN, RIGHT)
    page = address_of("editorial_editor_do", ana, "reset-second-factor")
    assert page in client.get(address_of("editorial_editor_change", ana)).text
    assert client.get(page).status_code == 200
    assert Authenticator.objects.filter(user=ana).exists()
    assert client.post(page).status_code == 302

    assert not Authenticator.objects.filter(user=ana).exists()
    assert half_in.get(CODE)["Location"] == LOG_IN
    assert "second factor was reset by Dua" in Notice.objects.get(to=ana).text
    assert LogEntry.objects.filter(object_id=str(ana.pk), user=dua, change_message__contains="second factor").exists()
    assert half_in.post(LOG_IN, RIGHT, follow=True).redirect_chain[-1][0] == SET_UP
    assert "no second factor" in client.post(page).text


def test_who_may_not_reset_a_second_factor(client):
    root = EditorFactory(is_superuser=True)
    dua, ana = managing_editor(), author()
    for editor in (root, dua, ana):
        with_second_factor(editor)
    for by, of in ((dua, dua), (dua, root), (ana, dua), (reviewer(), ana), (root, root)):
        client.force_login(by)
        answer = client.post(address_of("editorial_editor_do", of, "reset-second-factor"))
        assert answer.status_code in (403, 409)
        assert Authenticator.objects.filter(user=of).count() == 2


def test_the_only_superuser_is_helped_from_the_command_line(ana, capsys):
    with_second_factor(ana)
    call_command("reset_second_factor", "ana")
    assert not Authenticator.objects.filter(user=ana).exists()
    assert LogEntry.objects.filter(object_id=str(ana.pk), change_message__contains="command line").exists()
    for name in ("ana", "nobody"):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", name)


def test_who_is_deactivated_is_out_at_once_and_for_good(client, ana):
    at_work = Client()
    at_work.post(LOG_IN, RIGHT)
    draft = MissionFactory(by=ana)
    client.force_login(managing_editor())
    page = address_of("editorial_editor_change", ana)
    sent = {"username": "ana", "public_name": "Ana", "role": Group.objects.get(name=AUTHOR).pk}
    assert client.post(page, sent).status_code == 302
    assert at_work.get("/admin/").status_code == 302
    assert not logged_in(at_work)
    assert client.post(page, sent | {"is_active": "on"}).status_code == 302
    assert at_work.get("/admin/").status_code == 302
    draft.refresh_from_db()
    assert draft.state == "draft"
    said = LogEntry.objects.filter(object_id=str(ana.pk)).values_list("change_message", flat=True)
    assert {"Deactivated.", "Activated."} <= set(said)


def test_a_new_account_has_a_role_opens_the_site_and_must_choose_its_password(client):
    client.force_login(managing_editor())
    page = reverse("admin:editorial_editor_add")
    new = {"username": "new", "public_name": "New Editor", "password1": OTHER, "password2": OTHER}
    assert "This field is required" in client.post(page, new).text
    role = Group.objects.get(name=REVIEWER)
    client.post(page, new | {"role": role.pk, "is_superuser": "on", "groups": "3"})
    editor = Editor.objects.get(username="new")
    assert (editor.is_staff, editor.is_superuser, list(editor.groups.all())) == (True, False, [role])
    theirs = Client()
    theirs.post(LOG_IN, {"login": "new", "password": OTHER})
    assert theirs.get("/admin/")["Location"] == "/accounts/password/"


def test_another_role_replaces_the_one_before_and_is_logged(client, ana):
    client.force_login(managing_editor())
    role = Group.objects.get(name=REVIEWER)
    sent = {"username": "ana", "public_name": "Ana", "is_active": "on"}
    client.post(address_of("editorial_editor_change", ana), sent | {"role": role.pk})
    assert list(ana.groups.all()) == [role]
    assert LogEntry.objects.latest("pk").change_message == "Role: Reviewer."
    client.post(address_of("editorial_editor_change", ana), sent | {"role": ""})
    ana.refresh_from_db()
    assert (ana.is_staff, list(ana.groups.all())) == (False, [])


def test_nobody_deactivates_themselves(client):
    dua = managing_editor()
    client.force_login(dua)
    client.post(
        address_of("editorial_editor_change", dua),
        {"username": dua.username, "public_name": "D", "role": dua.groups.get().pk},
    )
    dua.refresh_from_db()
    assert (dua.public_name, dua.is_active) == ("D", True)


def test_the_list_of_people_shows_role_and_second_factor_in_a_constant_number_of_queries(client, ana):
    client.force_login(managing_editor())
    page = reverse("admin:editorial_editor_changelist")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown = client.get(page)
        assert shown.status_code == 200
        return len(captured)

    few = queries()
    for _ in range(5):
        reviewer()
    with_second_factor(ana)
    assert queries() == few
    row = re.search(r"<tr>.*?>ana<.*?</tr>", client.get(page).text, re.DOTALL)[0]
    assert AUTHOR in row
    assert "icon-yes" in row


# The log


def test_the_log_tells_of_log_ins_and_holds_nothing_that_was_typed(client, ana):
    client.post(LOG_IN, {"login": "ana", "password": "my-secret-typo"})
    client.post(LOG_IN, {"login": "my-secret-password-in-the-wrong-box", "password": "x"})
    client.post(LOG_IN, RIGHT)
    said = list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True))
    assert said == ["A wrong password was given for this account, or it is not active.", "Logged in."]
    assert not LogEntry.objects.filter(change_message__contains="secret").exists()
    assert {entry.get_edited_object() for entry in LogEntry.objects.all()} == {ana}


def test_logging_out_takes_a_post_at_either_address(client, ana):
    for address in ("/accounts/logout/", "/admin/logout/"):
        client.post(LOG_IN, RIGHT)
        client.get(address)
        assert logged_in(client)
        assert "You are logged out" in client.post(address).text
        assert not logged_in(client)
