from typing import Any


def render_public_edition(sender: Any, **kwargs: Any) -> None:
    pass
