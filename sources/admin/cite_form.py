"""What is asked when an editor cites: which source, where in it, which words; and what is found to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from editorial.admin.forms import is_id
from sources import citing
from sources.adding import key_for_source, sources_found
from sources.admin.citations import NO_PLACE
from sources.admin.library import AuthorsField
from sources.duplicates import suspected_duplicates, words_of
from sources.models import Citation, CitedEdition, Source

NEW = "new"
SHOWN = 20  # sources of the library at a time


@dataclass(frozen=True)
class Option:
    """Something to choose: a citation of the edition, or a source of the library."""

    value: str
    source: Source
    detail: str = ""
    marker: str = ""

    @property
    def in_full(self) -> str:
        return citing.html(self.source)


class NewSourceForm(forms.ModelForm):
    """A document the library does not have: as much of it as a reader needs to find it."""

    authors = AuthorsField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 50}),
        help_text="One a line: Family, Given for a person; a body by its name, in {braces} if that has a comma.",
    )

    class Meta:
        model = Source
        fields = ("type", "title", "authors", "container", "publisher", "issued", "url", "symbol", "standing")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    def save(self, commit: bool = True) -> Source:
        """The source with a key of its own."""
        self.instance.key = key_for_source(self.instance)
        source: Source = super().save(commit)
        return source


class CiteForm(forms.Form):
    """A citation for a marker in the text. `choice` names a citation, a source or a new one."""

    q = forms.CharField(
        label="Find a source",
        max_length=200,
        required=False,
        help_text="Words of the title, an author, a year, a symbol, a publisher or the key.",
    )
    choice = forms.CharField(max_length=120, required=False)
    locator = forms.CharField(
        label="Where in the source",
        max_length=200,
        required=False,
        help_text="p. 12, para. 9, table 2. Left empty, readers see that no place is given.",
    )
    quote = forms.CharField(
        label="The exact words",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 50}),
        help_text="What the source says, in its language. Short.",
    )
    compared = forms.BooleanField(
        label="I have the source before me, and place and words are as it has them",
        label_suffix="",
        required=False,
    )
    none_of_these = forms.BooleanField(
        label="It is none of these: add mine as a new source", label_suffix="", required=False
    )

    def __init__(self, data: Any = None, *, edition: CitedEdition, may_add: bool, **kwargs: Any) -> None:
        super().__init__(data, auto_id="cite_%s", **kwargs)
        self.edition, self.may_add = edition, may_add
        self.new_source = NewSourceForm(data, prefix="new", auto_id="cite_%s")
        self.use_required_attribute = False
        self.citation: Citation | None = None
        self.source: Source | None = None
        self.suspected: list[Source] = []

    @classmethod
    def as_typed(cls, typed: QueryDict, **kwargs: Any) -> CiteForm:
        """The form with what was typed so far, and nothing said of what is missing yet."""
        form = cls(initial=typed.dict(), **kwargs)
        form.new_source.initial = {name: typed.get(f"new-{name}", "") for name in form.new_source.fields}
        return form

    @property
    def chosen(self) -> str:
        """What is chosen now; who has only described a new source means that one."""
        choice = self._typed("choice")
        return NEW if not choice and self._typed("new-title") else choice

    @property
    def words(self) -> str:
        """The words to look for."""
        return self._typed("q")[:200]

    def _typed(self, name: str) -> str:
        typed = self.data if self.is_bound else self.initial
        return str(typed.get(name, "")).replace("\0", "").strip()

    @property
    def describes_new(self) -> bool:
        """Whether the part for a new source is to stand open."""
        return bool(self.suspected or self._typed("new-title")) or self.chosen == NEW

    @property
    def instead(self) -> list[Option]:
        """The sources that the one described may be."""
        return [Option(f"instead:{source.pk}", source) for source in self.suspected]

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when nothing is chosen, or what is described may be in the library."""
        cleaned = super().clean() or self.cleaned_data
        kind, _, name = self.chosen.partition(":")
        if kind == NEW:
            self._clean_new(cleaned)
            return cleaned
        if kind == "citation":
            self.citation = self.edition.citations.select_related("source").filter(key=name).first()
            self.source = self.citation.source if self.citation else None
        elif kind in ("source", "instead") and is_id(name):
            self.source = Source.objects.filter(pk=name, merged_into=None).first()
        if self.source is None:
            self.add_error("choice", "Choose a source, or describe a new one below.")
        elif self._typed("new-title") and kind != "instead":
            self.add_error(
                "choice", "You chose a source and described a new one. Choose the new one, or empty its title."
            )
        return cleaned

    def _clean_new(self, cleaned: dict[str, Any]) -> None:
        if not self.may_add:
            raise forms.ValidationError("Your role does not allow new sources.")
        if not self.new_source.is_valid():
            raise forms.ValidationError("Something is missing in the new source: see below.")
        given = self.new_source.cleaned_data
        self.suspected = suspected_duplicates(title=given["title"], url=given["url"], issued=given["issued"])
        if self.suspected and not cleaned.get("none_of_these"):
            raise forms.ValidationError("The library may have this source already: see below.")


@dataclass(frozen=True)
class Found:
    """What there is to choose from for the words searched, what is chosen already included."""

    citations: list[Option]
    sources: list[Option]
    more: bool

    @property
    def count(self) -> int:
        return len(self.citations) + len(self.sources)


def found(edition: CitedEdition, words: str, chosen: str = "") -> Found:
    """Citations of the edition in which the words stand, or all of them; sources only where words are given.

    Three queries at most.
    """
    wanted = words_of(words)
    rows = list(edition.citations.select_related("source"))
    citations = [
        _citation_option(row)
        for row in rows
        if f"citation:{row.key}" == chosen or all(word in _searched(row) for word in wanted)
    ]
    library = list(sources_found(words)[: SHOWN + 1]) if wanted else []
    sources = library[:SHOWN]
    kind, _, number = chosen.partition(":")
    if kind == "source" and is_id(number) and int(number) not in {source.pk for source in sources}:
        sources = [*Source.objects.filter(pk=number), *sources]
    cited: dict[int, list[str]] = {}
    for row in rows:
        cited.setdefault(row.source_id, []).append(f"[^{row.key}]")
    options = [
        Option(f"source:{one.pk}", one, f"cited here as {', '.join(cited[one.pk])}" if one.pk in cited else "")
        for one in sources
    ]
    return Found(citations, options, len(library) > SHOWN)


def _citation_option(row: Citation) -> Option:
    return Option(f"citation:{row.key}", row.source, row.locator or NO_PLACE, f"[^{row.key}]")


def _searched(row: Citation) -> str:
    source = row.source
    names = [" ".join(author.values()) for author in source.authors if isinstance(author, dict)]
    parts = [row.key, row.locator, source.key, source.title, source.publisher, source.container, source.symbol]
    return " ".join(words_of(" ".join([*parts, str(source.issued), *names])))
