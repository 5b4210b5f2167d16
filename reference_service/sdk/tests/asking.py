"""Both clients behind one face, so that every test asks both."""

import asyncio
from typing import Any, Protocol

from machpay import AsyncDiscoveryClient, DiscoveryClient


class Ask(Protocol):
    """Calls `operation` on a client of that service that lives for this call."""

    def __call__(
        self, url: str, operation: str, *args: Any, setup: dict[str, Any] | None = None, **kwargs: Any
    ) -> Any: ...


def ask_blocking(
    url: str, operation: str, *args: Any, setup: dict[str, Any] | None = None, **kwargs: Any
) -> Any:
    with DiscoveryClient(base_url=url, **(setup or {})) as client:
        result = getattr(client, operation)(*args, **kwargs)
        return list(result) if operation == "iter_search" else result


def ask_async(
    url: str, operation: str, *args: Any, setup: dict[str, Any] | None = None, **kwargs: Any
) -> Any:
    async def run() -> Any:
        async with AsyncDiscoveryClient(base_url=url, **(setup or {})) as client:
            result = getattr(client, operation)(*args, **kwargs)
            return [each async for each in result] if operation == "iter_search" else await result

    return asyncio.run(run())
