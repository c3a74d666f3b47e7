"""Redis as a cache that may be away: reading then finds nothing, writing does nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")

LEFT_ALONE = 5.0  # seconds without a further try, so that no reader waits for what is away


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, except that an error of Redis is logged and answered as a miss."""

    _away_until = 0.0

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        patience = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "retry": Retry(NoBackoff(), 1)}
        super().__init__(server, params | {"OPTIONS": patience | params.get("OPTIONS", {})})

    @property
    def is_away(self) -> bool:
        """Whether it has just not answered, so that what was asked of it means nothing."""
        return time.monotonic() < self._away_until

    def _try(self, operation: Callable[..., Answer], otherwise: Answer, *args: Any) -> Answer:
        if self.is_away:
            return otherwise
        try:
            return operation(*args)
        except (RedisError, OSError) as error:
            self._away_until = time.monotonic() + LEFT_ALONE
            logger.warning("The cache does not answer, the site goes on without: %s", error)
            return otherwise

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(super().get, default, key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._try(super().set, None, key, value, timeout, version)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._try(super().add, False, key, value, timeout, version)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """The count, never 0 but while Redis is away. Raises ValueError for a key there is not."""
        return self._try(super().incr, 0, key, delta, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._try(super().touch, False, key, timeout, version)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._try(super().delete, False, key, version)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self._try(super().has_key, False, key, version)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return self._try(super().get_many, {}, keys, version)

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> list[Any]:
        return self._try(super().set_many, list(data), data, timeout, version)

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._try(super().delete_many, None, keys, version)

    def clear(self) -> None:
        self._try(super().clear, None)
