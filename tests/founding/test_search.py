"""The search: what is found and in which order, on both databases; and that it follows what is public."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from editorial import search
from editorial.models import Edition, SearchEntry, SearchWord
from editorial.search.backends import backend
from editorial.search.index import follow_edition
from missions.models import Place
from tests.factories import EventFactory, published
from tests.search import stored

KFOR, UNMIK, NATO = "mission/kfor", "mission/unmik", "organisation/nato"
ENTRY, KUMANOVO, ZVECAN, CLASHES = "event/kfor-entry-1999", "place/kumanovo", "place/zvecan", "event/zvecan-2023"
RESOLUTION, RIOTS, DECLARATION = "event/unsc-1244", "event/march-riots-2004", "event/declaration-2008"
AGREEMENT, EULEX, MITROVICA = "event/brussels-agreement-2013", "mission/eulex", "place/mitrovica"
RELAPSE, PEJA = "article/preventing-relapse", "place/peja"
MTA, S_RES_1244 = "event/kumanovo-1999", "source/un1999res1244"

# What is asked, and what must come first. A third value is what must be suggested for it.
SEARCHES = [
    # Names and acronyms
    ("KFOR", KFOR),
    ("kfor", KFOR),
    ("Kosovo Force", KFOR),
    ("Operation Joint Guardian", KFOR),
    ("UNMIK", UNMIK),
    ("MINUK", UNMIK),
    ("United Nations Interim Administration Mission in Kosovo", UNMIK),
    ("NATO", NATO),
    ("North Atlantic Treaty Organization", NATO),
    ("EU", "organisation/eu"),
    ("UNHCR", "organisation/unhcr"),
    ("EULEX", EULEX),
    # Accents, scripts and the names of one place
    ("Kumanovo", KUMANOVO),
    ("Куманово", KUMANOVO),
    ("Zvecan", ZVECAN),
    ("Zvečan", ZVECAN),
    ("ZVEÇAN", ZVECAN),
    ("Звечан", ZVECAN),
    ("Pristina", "place/pristina"),
    ("Priština", "place/pristina"),
    ("Prishtinë", "place/pristina"),
    ("Приштина", "place/pristina"),
    ("Peja", PEJA),
    ("Pejë", PEJA),
    ("Peje", PEJA),
    ("Peć", PEJA),
    ("Pec", PEJA),
    ("Пећ", PEJA),
    ("market Peć", "event/market"),
    ("Косовска Митровица", MITROVICA),
    ("Djakovica", "event/gjakova-convoy-1999"),
    ("Đakovica", "event/gjakova-convoy-1999"),
    ("Gjakovë", "event/gjakova-convoy-1999"),
    ("Косово", "place/kosovo"),
    ("Kosova", "place/kosovo"),
    # Persons
    ("Haekkerup", "event/haekkerup-2001"),
    ("Hækkerup", "event/haekkerup-2001"),
    ("Xavier Bout de Marnhac", "event/reconfiguration-2008"),
    ("Вучић", "event/washington-2020"),
    ("Thaci", "event/closing-statements-2026"),
    # Symbols and numbers
    ("1244", RESOLUTION),
    ("resolution 1244", RESOLUTION),
    ("S/RES/1244", S_RES_1244),
    ("s/res/1244 (1999)", S_RES_1244),
    ("S/2004/348", "source/un2004s348"),
    ("50,000", ENTRY),
    ("50000", ENTRY),
    # Words and their forms
    ("first troops of KFOR enter", ENTRY),
    ("riot", RIOTS),
    ("violence March 2004", RIOTS),
    ("bombing", "mission/allied-force"),
    ("air strikes end", "mission/allied-force"),
    ("normalization", AGREEMENT),
    ("elected assembly 2001", "event/assembly-elections-2001"),
    ("17 February 2008", DECLARATION),
    ("what did KFOR do in 1999", ENTRY),
    ("prevent war returning", RELAPSE),
    # Phrases, beginnings, and without a word
    ('"military technical agreement"', MTA),
    ("„Military Technical Agreement“", MTA),
    ('"technical military"', None),
    ("deploym*", "event/six-point-2008"),
    ("Kuman", MTA),
    ("1244 -council", "source/ljil2011kosovo"),
    ('"Failure to Protect"', "source/hrw2004ftp"),
    # Typing errors
    ("Kumanvo", KUMANOVO, "kumanovo"),
    ("mitrovcia", MITROVICA, "mitrovica"),
    ("resoluton 1244", RESOLUTION, "resolution 1244"),
    ("indepedence", DECLARATION, "independence"),
    ("UELEX", EULEX, "eulex"),
    ("Brusels agreement", AGREEMENT, "brussels agreement"),
    # Nothing of it
    ("Σκόπια", None),
    ("普里什蒂纳", None),
]  # fmt: skip


@pytest.fixture(scope="module")
def record(founding_record, django_db_blocker):
    """The founding record, and an event in a town in which nothing in it took place."""
    with django_db_blocker.unblock(), transaction.atomic():
        names = {"name_sq": "Pejë", "name_sr_latn": "Peć", "name_sr_cyrl": "Пећ"}
        town = {"name": "Peja/Peć", "municipality": "Peja/Peć", **names}
        place, _ = Place.objects.update_or_create(key="peja", defaults=town)
        published(EventFactory(slug="market", title="A market opens", place=place, date="2001-05"))
        yield
        transaction.set_rollback(True)


def first(question):
    """(what comes first for it, what is suggested for it in small letters)."""
    answer = search.ask(question)
    shown = search.ask(answer.suggestion) if answer.suggestion else answer
    hits = search.show(shown, shown.entries[:1])
    return (str(hits[0].entry) if hits else None), answer.suggestion.casefold()


@pytest.mark.django_db
def test_searches_find_what_is_expected_first(record):
    assert len(SEARCHES) >= 60
    found = [(question, *first(question)) for question, *_ in SEARCHES]

    assert found == [(question, expected, *(suggested or [""])) for question, expected, *suggested in SEARCHES]


@pytest.mark.django_db
def test_the_whole_index_made_anew_is_the_one_that_publication_made(record):
    made_anew = stored()
    assert len(made_anew[0]) == len(made_anew[1]) > 1000

    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    backend().clear()
    for edition in Edition.objects.published().order_by("pk")[::8]:
        follow_edition(None, edition=edition.typed)
    followed = stored()
    assert len(followed[0]) == len(followed[1]) > 200
    for of_entries, of_all in zip(followed[:2], made_anew[:2], strict=True):
        assert of_entries == {name: of_all[name] for name in of_entries}

    call_command("rebuild_search", verbosity=0)
    assert stored() == made_anew


@pytest.mark.django_db
def test_the_page_costs_the_same_however_much_is_found(record, client):
    counts = set()
    for question in ("zzzzz*", "Kumanovo", "Kosovo"):
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/search/", {"q": question})
        assert page.status_code == 200
        counts.add(len(captured))
        assert not [query for query in captured if "rendered" in query["sql"] or "frozen" in query["sql"]]
    assert max(counts) <= 10


@pytest.mark.django_db
def test_the_page_shows_hits_with_marks_narrows_them_and_says_what_else_to_try(record, client):
    page = client.get("/search/?q=Pec").text
    assert '<h3><a href="/events/?place=peja"><mark>Peja</mark>/<mark>Peć</mark></a></h3>' in page
    assert '<meta name="robots" content="noindex">' in page

    kosovo = client.get("/search/?q=kosovo")
    assert '<a href="?q=kosovo&amp;page=2"' in kosovo.text
    events = client.get("/api/v1/search/?q=kosovo&kind=event").json()["meta"]["count"]
    assert f'kind=event" rel="nofollow">Events</a> <span class="quiet">{events}</span>' in kosovo.text
    early = client.get("/api/v1/search/?q=kosovo&kind=event&from=1995&to=1999").json()["meta"]["count"]
    assert 20 < early < events

    led = client.get("/search/?q=who led UNMIK in 2004").text
    assert 'Named in the words: <a href="/missions/unmik/">United Nations Interim' in led
    assert "Named in the words" not in client.get("/search/?q=UNMIK").text
    assert "There is no word in this" in client.get("/search/?q=%22-").text
    assert "What can be searched" in client.get("/search/").text
    assert "Show all that was found for “luzane”" in client.get("/search/?q=luzane&kind=mission").text
    typo = client.get("/search/?q=mitrovcia").text
    assert "Nothing was found for “mitrovcia”" in typo
    assert '<a href="?q=Mitrovica">Mitrovica</a>' in typo
    assert "fewer words" in client.get("/search/?q=xqxqxq").text
    assert "is not one of the choices" in client.get("/search/?q=kfor&kind=nonsense").text


@pytest.mark.django_db
def test_the_api_finds_the_same_in_the_same_order(record, client):
    answer = client.get("/api/v1/search/", {"q": "kosovo", "kind": "event,mission", "page_size": 5}).json()
    on_page = client.get("/search/?q=kosovo&kind=event,mission").context["hits"]

    assert [(hit["kind"], hit["key"]) for hit in answer["results"]] == [
        (hit.entry.kind, hit.entry.key) for _, hit in on_page[:5]
    ]
    hit = next(hit for hit in answer["results"] if hit["marks"])
    assert {hit["snippet"][start:end] for start, end in hit["marks"]} <= {"Kosovo", "Kosova", "KOSOVO"}
    assert client.get(hit["api_address"]).json()["title"] == hit["title"]
    meta = answer["meta"]
    kinds = meta["facets"]["kinds"]
    assert meta["count"] == kinds["event"] + kinds["mission"] > 100
    assert (meta["more"], meta["matched"]) == (False, "all")
    assert client.get("/api/v1/search/?q=mitrovcia").json()["meta"]["did_you_mean"] == "Mitrovica"
    assert client.get("/api/v1/search/?q=kfor&fields=title&page_size=1").json()["results"] == [
        {"title": "Kosovo Force"}
    ]
    for wrong in ("", "q=", "q=kfor&ordering=title", "q=kfor&kind=all", "q=kfor&from=then", f"q={'long ' * 50}"):
        assert client.get(f"/api/v1/search/?{wrong}").status_code == 400, wrong


NONSENSE = [
    '"', '""', "-", "--x", "*", "**", "a*", "-*", '"*', "(", ")", "NEAR(a b)", "AND", "a AND", "OR OR", "NOT kfor", "kfor NOT",
    "names:kfor", "{names}: a", "^kfor", "kfor:*", "a <-> b", "!kfor", "& | !", "'", "''", "\\", "kfor\\", "a'b''c", "%", "_",
    "the", "the of and", "\0", "kf\0or", "😀", "👩‍👩‍👧 kfor", "\u202ekfor", "\ud7ff", "ﬁn", "½", "²", "ǅ", "İstanbul", "ß", "ا", "ก", "한국", "1e5", "1.5e-7",
    "x" * 199, "a " * 99, '"' * 150, "-" * 150, "kfor " * 39, "é" * 199, "<script>alert(1)</script>",
]  # fmt: skip


@pytest.mark.django_db
def test_nothing_that_can_be_typed_is_an_error(record, client):
    for text in NONSENSE:
        search.show(answer := search.ask(text), answer.entries[:20])
        assert client.get("/search/", {"q": text}).status_code == (400 if "\0" in text else 200), text
    for query in (
        "q=kfor&page=0",
        "q=kfor&page=999999",
        "q=kfor&from=9999&to=0000",
        "q=%FF",
        f"q={'y' * 10_000}",
        "q=kfor&q=unmik",
    ):
        for address in ("/search/", "/api/v1/search/"):
            assert client.get(f"{address}?{query}").status_code in (200, 400, 404), query
    assert "<script>alert" not in client.get("/search/?q=<script>alert(1)</script>").text
