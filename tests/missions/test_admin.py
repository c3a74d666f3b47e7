"""Missions, events and articles in the editors' site: their rows, and figures with a list of their own."""

from __future__ import annotations

import pytest
from django.urls import reverse

from editorial import workflow
from editorial.models import Edition, State
from missions.models import Figure, Mission
from tests.admin_forms import at_work, form_data, form_of, with_new_row
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    EventFactory,
    FigureFactory,
    MissionFactory,
    OrganisationFactory,
    SourceFactory,
    StatementFactory,
    TermFactory,
    author,
    published,
    reviewer,
)

pytestmark = pytest.mark.django_db
FIGURES = "/admin/missions/figure/"


def of(edition) -> str:
    return f"{FIGURES}?edition__id__exact={edition.pk}"


def test_a_second_edition_with_one_figure_changed_is_drafted_by_one_and_published_by_the_other():
    mission = MissionFactory(slug="kfor")
    FigureFactory(edition=mission, key="on-entry", value=50000)
    first = published(mission)
    ana, cem = author(), reviewer()
    by_ana, by_cem = at_work(ana), at_work(cem)

    by_ana.post(f"/admin/missions/mission/{first.pk}/do/start/", {})
    second = Mission.objects.get(record__slug="kfor", state=State.DRAFT)
    opened = by_ana.get(form_of(second))
    assert of(second).replace("&", "&amp;") in opened.text
    figure = second.figures.get()
    address = f"{FIGURES}{figure.pk}/change/"
    assert address in by_ana.get(of(second)).text
    changed = by_ana.post(address, form_data(by_ana.get(address), value="42500"))
    assert (changed.status_code, changed.url) == (302, of(second))
    by_ana.post(form_of(second), form_data(by_ana.get(form_of(second)), change_note="A better count was found."))
    by_ana.post(f"/admin/missions/mission/{second.pk}/do/submit/", {})
    shown = Edition.objects.get(pk=second.pk).lock_version
    assert shown == 3  # two saves and the submission

    own = by_ana.post(f"/admin/missions/mission/{second.pk}/do/publish/", {"shown": shown})
    assert own.status_code == 409
    by_cem.post(f"/admin/missions/mission/{second.pk}/do/publish/", {"shown": shown})
    second.refresh_from_db()
    first.refresh_from_db()
    assert (second.state, second.number) == (State.PUBLISHED, 2)
    assert first.state == State.SUPERSEDED
    assert [row.value for row in first.figures.all()] == [50000]
    assert [row.value for row in second.figures.all()] == [42500]


def test_a_figure_is_added_from_its_edition_with_a_key_of_its_own():
    mission, ana = MissionFactory(), author()
    source = SourceFactory(key="nato1999")
    measure = TermFactory()
    client = at_work(ana)
    add = f"{FIGURES}add/?edition={mission.pk}"
    typed = {
        "fact": "strength-1999",
        "measure": measure.pk,
        "value": "50000",
        "as_of": "June 1999",
        "source": source.pk,
        "checked": "not-opened",
    }
    assert client.get(add).status_code == 200
    assert client.post(add, typed).url == of(mission)
    client.post(add, typed)
    rows = list(mission.figures.order_by("rank").values_list("key", "rank", "as_of"))
    assert rows == [
        ("strength-1999-nato1999", 1, "1999-06"),
        ("strength-1999-nato1999-2", 2, "1999-06"),
    ]
    refused = client.post(add, typed | {"key": "strength-1999-nato1999"})
    assert "Another row of this edition has this key" in refused.text
    mission.refresh_from_db()
    assert mission.lock_version == 2
    assert mission.worked_on_by(ana)


@pytest.mark.parametrize("nonsense", ["", "?edition=", "?edition=x", "?edition=99999999999999999999", "?edition=\x00"])
def test_a_figure_without_an_edition_is_not_added(nonsense):
    client = at_work(author())
    refused = 400 if "\x00" in nonsense else 302
    assert client.get(f"{FIGURES}add/{nonsense}").status_code == refused
    assert client.post(f"{FIGURES}add/{nonsense}", {"fact": "x"}).status_code == refused
    listed = client.get(FIGURES + nonsense.replace("edition", "edition__id__exact"))
    assert listed.status_code in (200, 302, 400)
    assert not Figure.objects.exists()


def test_figures_of_an_edition_that_is_not_editable_are_read_only():
    mission = MissionFactory()
    figure = FigureFactory(edition=mission)
    client = at_work(author())
    address = f"{FIGURES}{figure.pk}/change/"
    typed = form_data(client.get(address), quote="My words")
    add = f"{FIGURES}add/?edition={mission.pk}"
    published(mission)

    late = client.post(address, typed)
    assert late.status_code == 409
    assert "My words" in late.text
    late = client.post(add, typed)
    assert late.status_code == 409
    assert "My words" in late.text
    assert 'name="_save"' not in client.get(address).text
    assert client.get(add).status_code == 302
    assert client.post(f"{FIGURES}{figure.pk}/delete/", {"post": "yes"}).url == of(mission)
    assert Figure.objects.get().quote == ""


def test_a_figure_changed_meanwhile_is_not_written_over_unseen():
    mission = MissionFactory()
    figure = FigureFactory(edition=mission, value=50000)
    by_ana, by_ben = at_work(author()), at_work(author())
    address = f"{FIGURES}{figure.pk}/change/"
    bens = form_data(by_ben.get(address), quote="What Ben typed")
    by_ana.post(address, form_data(by_ana.get(address), value="42500"))
    refused = by_ben.post(address, bens)
    assert refused.status_code == 200
    assert "Somebody else saved" in refused.text
    assert "42500" in refused.text
    assert "What Ben typed" in refused.text
    merged = form_data(refused, value="42500")
    assert by_ben.post(address, merged).status_code == 302
    figure.refresh_from_db()
    assert (figure.value, figure.quote) == (42500, "What Ben typed")


def test_a_figure_that_is_deleted_counts_as_work_on_its_edition():
    mission, ana = MissionFactory(), author()
    figure = FigureFactory(edition=mission)
    at_work(ana).post(f"{FIGURES}{figure.pk}/delete/", {"post": "yes"})
    mission.refresh_from_db()
    assert not mission.figures.exists()
    assert mission.worked_on_by(ana)
    assert mission.lock_version == 1


def test_rows_are_given_keys_and_places_that_nobody_has():
    mission = MissionFactory()
    organisation = OrganisationFactory(key="nato")
    client = at_work(author())
    data = form_data(client.get(form_of(mission)))
    for _ in range(2):
        data = with_new_row(data, "participations", organisation=organisation.pk, role="lead")
        data = with_new_row(data, "objectives", text="To keep the peace.")
    assert client.post(form_of(mission), data).status_code == 302
    assert list(mission.participations.values_list("key", "rank")) == [("nato", 1), ("nato-2", 2)]
    assert list(mission.objectives.values_list("key", flat=True)) == ["objective", "objective-2"]


def test_keys_that_other_rows_have_are_refused():
    mission = MissionFactory()
    StatementFactory(edition=mission, key="a")
    StatementFactory(edition=mission, key="b")
    client = at_work(author())
    data = form_data(client.get(form_of(mission)))
    swapped = data | {"statements-0-key": "b", "statements-1-key": "a"}
    assert "Another row has this key" in client.post(form_of(mission), swapped).text
    again = with_new_row(data, "statements", key="b", holder="A holder", text="Said anew", kind="statement")
    assert "duplicate" in client.post(form_of(mission), again).text
    replaced = again | {"statements-1-DELETE": "on"}
    assert client.post(form_of(mission), replaced).status_code == 302
    assert sorted(mission.statements.values_list("key", "text")) == [("a", "They said so."), ("b", "Said anew")]


def test_positions_of_a_disagreement_are_typed_one_a_line():
    mission = MissionFactory()
    client = at_work(author())
    lines = "NATO | about 500 | a\nHuman Rights Watch | “between 489 and 528” | a"
    data = with_new_row(
        form_data(client.get(form_of(mission))),
        "disagreements",
        question="How many?",
        positions=lines,
        reason="not-settled",
    )
    assert client.post(form_of(mission), data).status_code == 302
    row = mission.disagreements.get()
    assert row.positions == [
        {"holder": "NATO", "text": "about 500", "cites": ["a"]},
        {"holder": "Human Rights Watch", "text": "between 489 and 528", "cites": ["a"], "quoted": True},
    ]
    shown = client.get(form_of(mission))
    data = form_data(shown)
    assert data["disagreements-0-positions"].splitlines() == lines.splitlines()
    before = Edition.objects.get(pk=mission.pk).lock_version
    client.post(form_of(mission), data)
    assert Edition.objects.get(pk=mission.pk).lock_version == before

    data["disagreements-0-positions"] = "NATO says about 500\n\n | nobody | a"
    refused = client.post(form_of(mission), data)
    assert "Line 1: write Holder" in refused.text
    assert "Line 3: it needs a holder" in refused.text


def test_the_forms_of_all_kinds_keep_what_they_show():
    theme = TermFactory(vocabulary="theme", key="security")
    mission = MissionFactory()
    for edition in (EventFactory(), ArticleFactory()):
        client = at_work(author())
        CitationFactory(edition=edition, key="b")
        data = form_data(client.get(form_of(edition)), themes=[theme.pk], missions=[mission.record_id], summary="New.")
        assert client.post(form_of(edition), data).status_code == 302
        client.post(form_of(edition), form_data(client.get(form_of(edition)), title="Renamed"))
        edition.refresh_from_db()
        assert (edition.title, edition.summary, edition.lock_version) == ("Renamed", "New.", 2)
        assert list(edition.themes.all()) == [theme]
        assert list(edition.missions.all()) == [mission.record]
        assert edition.citations.count() == 2


@pytest.mark.parametrize("nonsense", ["\x00", "999999999999999999999999", "x" * 10_000])
def test_nonsense_typed_into_a_form_is_answered_with_the_form(nonsense):
    event = EventFactory()
    client = at_work(author())
    data = form_data(client.get(form_of(event)))
    names = [name for name in data if name != "csrfmiddlewaretoken" and "_FORMS" not in name]
    for name in [*names, "themes", "missions", "place"]:
        answer = client.post(form_of(event), data | {name: nonsense})
        assert answer.status_code in (200, 302), name
        event.refresh_from_db()
        data["seen_version"] = event.lock_version


def test_autocompletes_find_records_terms_and_sources():
    mission = published(MissionFactory(slug="kfor"))
    client = at_work(author())
    for model, field, term, found in (
        ("event", "missions", "kfor", "mission/kfor"),
        ("relation", "record", "Kosovo Force", "mission/kfor"),
        ("mission", "mission_kind", "peace", "peacekeeping force"),
        ("figure", "source", "Report", "Report"),
    ):
        query = {"app_label": "missions", "model_name": model, "field_name": field, "term": term}
        answer = client.get(reverse("admin:autocomplete"), query)
        assert found in str(answer.json()), (model, field)
    assert mission.number == 1


def test_a_draft_in_review_is_not_open_to_figures_until_it_is_sent_back():
    ana = author()
    mission = MissionFactory(by=ana)
    workflow.submit(mission, by=ana)
    client = at_work(ana)
    assert client.get(f"{FIGURES}add/?edition={mission.pk}").status_code == 302
    workflow.take_back(mission, by=ana)
    assert client.get(f"{FIGURES}add/?edition={mission.pk}").status_code == 200


def test_editors_see_a_preview_that_nobody_else_does(client):
    mission = MissionFactory(title="A draft nobody has seen")
    FigureFactory(edition=mission)
    event = EventFactory()
    article = ArticleFactory()
    for edition in (mission, event, article):
        address = f"{form_of(edition)}../preview/".replace("change/../", "")
        assert client.get(address).status_code == 302
        shown = at_work(author()).get(address)
        assert shown.status_code == 200
        assert edition.title in shown.text
        assert shown["X-Robots-Tag"] == "noindex"
        assert "no-store" in shown["Cache-Control"]
