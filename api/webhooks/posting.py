"""Sending to strangers."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache

import httpx

from .sending import Answer, Post, Unreachable


@asynccontextmanager
async def connections() -> AsyncIterator[Post]:
    """Sends over connections that stay open as long as this does."""
    async with httpx.AsyncClient(trust_env=False, verify=_trusted()) as client:

        async def post(url: str, headers: Mapping[str, str], body: bytes) -> Answer:
            try:
                answer = await client.post(url, headers=dict(headers), content=body)
            except httpx.HTTPError as error:
                raise Unreachable(str(error) or type(error).__name__) from error
            return Answer(answer.status_code, answer.headers, answer.text)

        yield post


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()
