"""YAML as the record files use it: read to nodes that know their line, written in one fixed way.

Dates stay text (`1999-06-12` is no timestamp), nothing is constructed but text, numbers, yes and no,
lists and mappings. What is wrong with a text is a `Mistake` with its line.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any, ClassVar

import yaml

from editorial.freezing import plain_number

_TAG = "tag:yaml.org,2002:"
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


class Mistake(Exception):
    """Something in a file that cannot be loaded: the line, and a sentence that says what."""

    def __init__(self, line: int, text: str) -> None:
        self.line, self.text = line, text
        super().__init__(f"{line}: {text}")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    # The first letter of a plain scalar → what it may be besides text.
    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, Any]]]] = {
        first: [
            (tag, pattern) for tag, pattern in resolvers if tag.removeprefix(_TAG) in {"null", "bool", "int", "float"}
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _write_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(f"{_TAG}str", text, style="|" if "\n" in text else None)


def _write_number(dumper: yaml.SafeDumper, number: Decimal) -> yaml.ScalarNode:
    text = plain_number(number)
    return dumper.represent_scalar(f"{_TAG}{'float' if '.' in text else 'int'}", text)


_Dumper.add_representer(str, _write_text)
_Dumper.add_representer(Decimal, _write_number)


def tidy(text: str) -> str:
    """Text as files hold it: NFC, line ends of one kind, no space around it."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def write(data: Any) -> str:
    """Plain data as YAML; the same data gives the same text."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


def read(text: str) -> yaml.Node | None:
    """The root of a YAML text; None when it is empty. Raises Mistake."""
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Mistake(mark.line + 1 if mark else 1, f"not YAML: {error.problem}.") from None
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n") + 1
        raise Mistake(line, f"not YAML: {error.reason}.") from None


def line_of(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def mapping(node: yaml.Node, known: set[str]) -> dict[str, yaml.Node]:
    """The values of a mapping by key. Raises Mistake for keys that are unknown or stand there twice."""
    if not isinstance(node, yaml.MappingNode):
        raise Mistake(line_of(node), "here should be keys with values, such as `key: …`.")
    values: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else "…"
        if name in values:
            raise Mistake(line_of(key), f"“{name}” stands here twice.")
        if name not in known:
            raise Mistake(line_of(key), f"“{name}” is no field here. There are: {', '.join(sorted(known))}.")
        values[name] = value
    return values


def sequence(node: yaml.Node) -> list[yaml.Node]:
    """The items of a list; none where nothing stands. Raises Mistake for anything else."""
    if _is(node, "null"):
        return []
    if not isinstance(node, yaml.SequenceNode):
        raise Mistake(line_of(node), "here should be a list, each item after a dash.")
    return list(node.value)


def text_of(node: yaml.Node) -> str:
    """Text; a number is taken as it is written, and nothing as empty text. Raises Mistake."""
    if _is(node, "null"):
        return ""
    if _is(node, "bool"):
        raise Mistake(line_of(node), f"YAML reads “{node.value}” as yes or no: put it in quotes.")
    if _is(node, "str") or _is(node, "int") or _is(node, "float"):
        return tidy(node.value)
    raise Mistake(line_of(node), "here should be text.")


def bool_of(node: yaml.Node) -> bool:
    """Raises Mistake for anything but yes and no."""
    if not _is(node, "bool"):
        raise Mistake(line_of(node), "here should be true or false.")
    return node.value.lower() in {"true", "yes", "on"}


def number_of(node: yaml.Node) -> Decimal:
    """Raises Mistake for anything but digits with a decimal point at most."""
    if not (_is(node, "int") or _is(node, "float")) or not _NUMBER.fullmatch(node.value):
        raise Mistake(line_of(node), "here should be a number in plain digits, such as 50000 or 42.8.")
    return Decimal(node.value)


def _is(node: yaml.Node, tag: str) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == _TAG + tag
