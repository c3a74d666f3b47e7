"""Names that are one thing's: who asks for Pejë finds Peć. The kinds of reference data say which."""

from __future__ import annotations

import functools

from editorial.search.words import keys


def other_forms(form: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The other names of what has this name; names are given as what their words are found by."""
    return _forms().get(form, ())


@functools.cache
def _forms() -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    from editorial.models import reference_kinds

    forms: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
    for kind in reference_kinds():
        for group in kind.same_names():
            together = {keys(name) for name in group}
            for form in together:
                known = together | set(forms.get(form, ()))
                forms[form] = tuple(sorted(known - {form}))
    return forms
