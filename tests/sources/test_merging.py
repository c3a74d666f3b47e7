"""Merging two sources that are one document."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import amendments, integrity, workflow
from editorial.models import Amendment, Change
from editorial.workflow import WorkflowError
from missions.models import Figure
from sources import merging
from sources.models import Citation, Recheck, Source
from tests.admin_forms import at_work, form_data
from tests.factories import (
    CitationFactory,
    EditorFactory,
    FigureFactory,
    MissionFactory,
    SourceFactory,
    TermFactory,
    author,
    next_edition,
    published,
    reviewer,
)

pytestmark = pytest.mark.django_db


def merge(source, into, **kwargs):
    return merging.merge(source, into, **{"by": author(), "reason": "The same report."} | kwargs)


def confirmed(source, into):
    """Merge what readers see: proposed by one editor, confirmed by another."""
    proposal = merge(source, into)
    amendments.confirm(proposal, by=reviewer())
    source.refresh_from_db()
    return proposal


@pytest.fixture
def two():
    return SourceFactory(key="one", title="A report"), SourceFactory(key="other", title="The same report")


@pytest.fixture
def public(two):
    """A published mission that cites both, the first with a figure too."""
    mission = MissionFactory(slug="kfor")
    CitationFactory(edition=mission, key="b", source=two[0])
    CitationFactory(edition=mission, key="c", source=two[1])
    FigureFactory(edition=mission, key="f", source=two[0])
    return published(mission)


# What nobody else relies on


def test_what_only_drafts_cite_is_merged_at_once(two):
    one, other = two
    mission = MissionFactory()
    row = CitationFactory(edition=mission, source=one)
    figure = FigureFactory(edition=mission, source=one)

    assert merge(one, other) is None

    one.refresh_from_db()
    assert one.merged_into == other
    assert Citation.objects.get(pk=row.pk).source == other
    assert Figure.objects.get(pk=figure.pk).source == other
    assert one.history.first().history_change_reason == "Merged into other: The same report."
    assert not Change.objects.exists()


def test_what_draws_on_it_draws_on_the_other_and_terms_quote_the_other(two):
    one, other = two
    copy = SourceFactory(origin=one)
    term = TermFactory(key="quoted", source=one)
    Source.objects.filter(pk=other.pk).update(origin=one)

    merge(one, other)

    copy.refresh_from_db()
    term.refresh_from_db()
    other.refresh_from_db()
    assert (copy.origin, term.source, other.origin) == (other, other, None)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_it_needs_a_reason(two, reason):
    with pytest.raises(WorkflowError, match="Say why"):
        merge(*two, reason=reason)


def test_it_needs_somebody_who_may_write(two):
    stranger = EditorFactory()
    stranger.groups.clear()
    with pytest.raises(WorkflowError, match="role"):
        merge(*two, by=type(stranger).objects.get(pk=stranger.pk))


def test_what_cannot_be_merged_is_refused_with_a_sentence(two):
    one, other = two
    with pytest.raises(WorkflowError, match="into itself"):
        merge(one, one)
    merge(one, other)
    with pytest.raises(WorkflowError, match="was itself merged into “Secretary-General, The same report”"):
        merge(SourceFactory(), one)
    with pytest.raises(WorkflowError, match="was itself merged"):
        merge(other, one)  # in a circle
    one.refresh_from_db()
    with pytest.raises(WorkflowError, match="already"):
        merge(one, SourceFactory())


def test_a_waiting_change_is_decided_first(two, public):
    one, other = two
    amendments.propose(one, Source(**{**_values(one), "title": "Another title"}), by=author(), reason="A slip.")
    with pytest.raises(WorkflowError, match="waits for a second editor"):
        merge(one, other)


def _values(source):
    return {f.name: getattr(source, f.name) for f in Source._meta.local_concrete_fields}


# What readers see, or another editor is reading


def test_what_readers_see_is_merged_once_a_second_editor_confirms_it(two, public, client):
    one, other = two
    proposal = merge(one, other, by=reviewer())

    assert (proposal.old_values, proposal.new_values) == ({"merged_into": None}, {"merged_into": "other"})
    assert Citation.objects.filter(source=one).exists()
    with pytest.raises(WorkflowError, match="other than the one who proposed"):
        amendments.confirm(proposal, by=proposal.proposed_by)
    amendments.confirm(proposal, by=reviewer())

    assert not Citation.objects.filter(source=one).exists()
    assert not Figure.objects.filter(source=one).exists()
    assert set(public.citations.filter(source=other).values_list("key", flat=True)) == {"b", "c"}
    change = Change.objects.get(kind=Change.Kind.AMENDED)
    assert (change.note, change.address, change.label) == ("The same report.", "/sources/one/", str(one))
    assert "The same report." in client.get("/changes/").text


def test_it_is_proposed_too_while_a_second_editor_reads_what_cites_it(two):
    one, other = two
    mission = MissionFactory()
    CitationFactory(edition=mission, source=one)
    workflow.submit(mission, by=mission.contributors.first() or mission.created_by)

    proposal = merge(one, other)
    assert isinstance(proposal, Amendment)
    amendments.confirm(proposal, by=reviewer())
    workflow.publish(mission, by=reviewer())

    assert integrity.check().faults == []


def test_the_former_address_leads_to_the_other_on_pages_and_in_the_api(two, public, client):
    confirmed(*two)
    page = client.get("/sources/one/")
    assert (page.status_code, page.url) == (301, "/sources/other/")
    api = client.get("/api/v1/sources/one/?fields=key")
    assert api.status_code == 301
    assert api.url.endswith("/api/v1/sources/other/?fields=key")
    rows = client.get("/api/v1/citations/?source=one").json()["results"]
    assert [row["key"] for row in rows] == ["b", "c"]
    listed = client.get("/sources/").context["listing"]
    assert "one" not in {entry.source.key for entry in listed}
    assert "other" in {entry.source.key for entry in listed}
    assert "{one," not in client.get("/sources/export.bib").getvalue().decode()


def test_a_chain_leads_to_its_end(two, public, client):
    one, other = two
    last = SourceFactory(key="last")
    confirmed(one, other)
    confirmed(other, last)
    assert client.get("/sources/one/").url == "/sources/last/"
    assert client.get("/sources/other/").url == "/sources/last/"
    assert client.get("/sources/last/").status_code == 200
    assert Source.former_keys() == {"one": "last", "other": "last"}
    assert integrity.check().faults == []


def test_the_address_of_a_merged_source_that_no_reader_saw_is_not_found(two, client):
    merge(*two)
    assert client.get("/sources/one/").status_code == 404
    assert client.get("/api/v1/sources/one/").status_code == 404


def test_published_text_stays_as_it_was_and_the_record_keeps(two, public, client):
    public.refresh_from_db()
    frozen, permalink = public.frozen, public.get_absolute_url()

    confirmed(*two)

    public.refresh_from_db()
    assert public.frozen == frozen
    found = integrity.check()
    assert found.faults == []
    assert any("as_printed" in note for note in found.notes)
    page = client.get(permalink)
    assert page.status_code == 200
    assert "Cited then as: United Nations Secretary-General, A report" in page.text


def test_a_merge_is_no_change_of_evidence_between_editions(two, client):
    one, other = two
    Source.objects.filter(pk=other.pk).update(title="A report")
    mission = MissionFactory(slug="kfor")
    CitationFactory(edition=mission, key="b", source=one)
    published(mission)
    confirmed(one, other)
    published(next_edition(mission.record, title="Another title"))
    page = client.get("/missions/kfor/editions/1..2/")
    assert page.status_code == 200
    assert page.context["difference"].evidence == []


def test_rechecks_of_it_end_and_begin_for_the_other(two, public):
    one, other = two
    for source in two:
        source.refresh_from_db()
    one.status = Source.Status.UNREACHABLE
    one.save()
    confirmed(one, other)
    assert not Recheck.objects.waiting().exists()
    assert Recheck.objects.get().outcome == "Merged into other."


# In the editors' site


def address(source):
    return f"/admin/sources/source/{source.pk}/merge/"


def test_the_page_asks_for_the_other_and_shows_what_would_follow(two, public):
    one, other = two
    client = at_work()
    assert address(one) in client.get(f"/admin/sources/source/{one.pk}/change/").text
    assert "What would cite" not in client.get(address(one)).text

    page = client.get(address(one), {"into": other.pk})

    assert "Propose to merge" in page.text
    assert "1 figure, 1 citation" in page.text
    assert [label for label, _, _ in page.context["differing"]] == ["key", "title"]
    assert merging.needs_second_editor(one)


def test_merging_through_the_page(two):
    one, other = two
    CitationFactory(edition=MissionFactory(), source=one)
    client = at_work()
    without = client.post(address(one), {"into": other.pk, "reason": " "})
    assert without.status_code == 409
    assert "Say why" in without.text
    done = client.post(address(one), {"into": other.pk, "reason": "The same."})
    assert done.url == f"/admin/sources/source/{other.pk}/change/"
    gone = client.get(f"/admin/sources/source/{one.pk}/change/").text
    assert "was merged into" in gone
    assert 'name="title"' not in gone
    assert "one" in client.get(done.url).text
    assert client.get(address(one), {"into": other.pk}).status_code == 200
    again = client.post(address(one), {"into": SourceFactory().pk, "reason": "Again."})
    assert (again.status_code, "already" in again.text) == (409, True)


def test_what_readers_see_becomes_a_proposal_through_the_page(two, public):
    one, other = two
    done = at_work().post(address(one), {"into": other.pk, "reason": "The same."})
    proposal = Amendment.objects.get()
    assert done.url == f"/admin/editorial/amendment/{proposal.pk}/change/"
    by_cem = at_work(reviewer())
    assert "other" in by_cem.get(done.url).text
    by_cem.post(f"/admin/editorial/amendment/{proposal.pk}/do/confirm/", {})
    one.refresh_from_db()
    assert one.merged_into == other


@pytest.mark.parametrize("into", ["", "x", "1' or 1", "9" * 30, "999999", "\ud800".encode("utf-8", "replace")])
def test_nonsense_is_answered_in_words(two, into):
    client = at_work()
    assert client.post(address(two[0]), {"into": into, "reason": "x"}).status_code == 200
    assert client.get("/admin/sources/source/x/merge/").status_code == 302
    assert client.get("/admin/sources/source/999999/merge/").status_code == 302
    two[0].refresh_from_db()
    assert two[0].merged_into is None


def test_only_those_who_may_write_merge_and_only_by_post_with_a_token(two):
    one, other = two
    stranger = EditorFactory()
    stranger.groups.clear()
    assert at_work(stranger).post(address(one), {"into": other.pk, "reason": "x"}).status_code == 403
    careful = at_work(enforce_csrf_checks=True)
    assert careful.post(address(one), {"into": other.pk, "reason": "x"}).status_code == 403
    at_work().get(address(one), {"into": other.pk, "reason": "x"})
    one.refresh_from_db()
    assert one.merged_into is None


def test_a_merged_source_is_neither_listed_nor_offered_changed_or_deleted(two):
    one, other = two
    merge(one, other)
    client = at_work()
    listed = client.get("/admin/sources/source/").context["cl"].result_list
    assert [source.key for source in listed] == ["other"]
    merged = client.get("/admin/sources/source/?merged=yes").context["cl"].result_list
    assert [source.key for source in merged] == ["one"]
    asked = {"app_label": "sources", "model_name": "citation", "field_name": "source", "term": "report"}
    offered = client.get("/admin/autocomplete/", asked).json()["results"]
    assert [one["id"] for one in offered] == [str(other.pk)]
    assert client.post(f"/admin/sources/source/{one.pk}/change/", {"title": "x"}).status_code == 403
    assert client.post(f"/admin/sources/source/{one.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_form_opened_before_the_merge_saves_the_source_that_stays(two):
    one, other = two
    row = CitationFactory(edition=MissionFactory(), source=one)
    client = at_work()
    page = f"/admin/sources/citation/{row.pk}/change/"
    opened = client.get(page)
    merge(one, other)
    data = form_data(opened, locator="p. 3")
    shown_again = client.post(page, data)
    if shown_again.status_code == 200:  # somebody else's change is shown first
        client.post(page, form_data(shown_again, source=one.pk, locator="p. 3"))
    row = Citation.objects.get(pk=row.pk)
    assert (row.source, row.locator) == (other, "p. 3")


def test_the_page_costs_the_same_however_much_cites_it(two):
    one, other = two
    client = at_work()
    CitationFactory(edition=MissionFactory(), source=one)
    client.get(address(one), {"into": other.pk})
    with CaptureQueriesContext(connection) as few:
        client.get(address(one), {"into": other.pk})
    for _ in range(4):
        mission = MissionFactory()
        CitationFactory(edition=mission, source=one)
        FigureFactory(edition=mission, source=one)
    with CaptureQueriesContext(connection) as many:
        client.get(address(one), {"into": other.pk})
    assert len(many) == len(few)
