"""Sending to strangers."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from .sending import Answer, Unreachable


async def post(url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """See `sending.Post`."""
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(url, headers=dict(headers), content=body)
    except httpx.HTTPError as error:
        raise Unreachable(str(error) or type(error).__name__) from error
    return Answer(answer.status_code, answer.headers, answer.text)
