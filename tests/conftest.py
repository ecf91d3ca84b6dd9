"""What every test may use: the real application over a real database, emptied after each test that touched it."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import asyncpg
import httpx
import hypothesis
import msgspec
import pytest

from api import settings
from api.provisioning import directories, organizations, plans, request_log
from api.provisioning.actor import operator
from api.provisioning.directories import Settings
from api.provisioning.extensions import register as register_extension
from api.provisioning.plan_catalogue import UNLIMITED, Access, Catalogue, Contact, Plan
from api.secrets import at_hand, ring
from dashboard.app import create_app
from db import embedded, migrations, queue
from db.engine import DB
from db.enums import Provider
from db.ids import DirectoryId, OrganizationId
from db.tables import TABLES

BASE_URL = "http://rollcall.test"
METRICS_TOKEN = "tests-read-the-numbers"

# How long it takes to make something up says how busy the machine is, not whether a test is right.
hypothesis.settings.register_profile("suite", suppress_health_check=[hypothesis.HealthCheck.too_slow], deadline=None)
hypothesis.settings.load_profile("suite")


SALES = Contact("Sales", "sales@example.com")
SUCCESS = Contact("Customer Success", "success@example.com", "https://example.com/success")
VENDOR = Catalogue(
    {
        "FREE": Plan("Free"),
        "GROWTH": Plan("Growth", scim=Access.ADD_ON),
        "PREMIUM": Plan("Premium", scim=Access.INCLUDED, auto_purchase=Access.ADD_ON),
        "ENTERPRISE": Plan("Enterprise", Access.INCLUDED, Access.INCLUDED, SUCCESS),
    },
    default="FREE",
    contact=SALES,
)
"""What SafetyCulture and SafeBase sell, in one catalogue."""


@dataclass(frozen=True, slots=True)
class DirectoryAccess:
    """How a client reaches a directory."""

    url: str
    key: str
    organization_id: OrganizationId
    directory_id: DirectoryId


class NewDirectory(Protocol):
    """Makes a fresh organization with one directory."""

    async def __call__(
        self, provider: str = "GENERIC", *, extensions: list[dict[str, object]] | None = None, **values: object
    ) -> DirectoryAccess: ...


async def new_database(server_url: str, name: str) -> str:
    """An empty database of that name on a server, instead of one that an earlier run has left; its URL."""
    connection = await asyncpg.connect(server_url)
    await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await connection.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
    await connection.close()
    base, _, query = server_url.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A PostgreSQL server: the one of TEST_DATABASE_URL, or else an embedded one that lives as long as the tests."""
    if chosen := os.environ.get("TEST_DATABASE_URL"):
        yield chosen
        return
    with tempfile.TemporaryDirectory(prefix="rollcall-tests-", ignore_cleanup_errors=True) as folder:
        # PostgreSQL runs as another user when the tests run as root, and has to come in here.
        Path(folder).chmod(0o755)
        with embedded.start(Path(folder) / "pg") as server:
            yield server.url


@pytest.fixture(scope="session")
async def database_url(server_url: str, worker_id: str) -> str:
    """A migrated database of this test process's own."""
    url = await new_database(server_url, f"rollcall_test_{worker_id}")
    DB.use(url)
    await migrations.migrate()
    return url


@pytest.fixture(scope="session")
def secret_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of secret keys."""
    file = tmp_path_factory.mktemp("secrets") / "keys"
    ring.add(file)
    return file


@pytest.fixture(scope="session")
async def _application(database_url: str, secret_keys: Path) -> AsyncIterator[object]:
    chosen = {
        "ROLLCALL_PUBLIC_URL": BASE_URL,
        "DATABASE_URL": database_url,
        "ROLLCALL_SECRET_KEYS": str(secret_keys),
        "ROLLCALL_METRICS_TOKEN": METRICS_TOKEN,
        "ROLLCALL_GRAPHIQL": "yes",
    }
    application = create_app(settings.read(chosen))
    started, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        """The lifespan must end in the task in which it began, and fixtures begin and end in different ones."""
        async with application.lifespan():
            started.set()
            await over.wait()

    task = asyncio.create_task(live())
    await asyncio.wait([task, asyncio.create_task(started.wait())], return_when=asyncio.FIRST_COMPLETED)
    yield application
    over.set()
    await task


@pytest.fixture
async def database(_application: object, secret_keys: Path) -> AsyncIterator[None]:
    """The database, emptied when the test is over: deleting rows is fifty times faster than truncating tables."""
    at_hand.load(str(secret_keys))  # commands that ran in this process may have looked for others
    yield
    await empty()


async def empty() -> None:
    """Delete all rows of all tables."""
    await request_log.flush()
    names = [queue.TASK, queue.LOG, queue.SCHEDULE, *(table._meta.tablename for table in reversed(TABLES))]
    async with DB.connection() as connection:
        await connection.execute("".join(f"DELETE FROM {name};" for name in names))


@pytest.fixture
async def client(_application: object, database: None) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of the whole application."""
    transport = httpx.ASGITransport(app=_application)  # type: ignore[arg-type]  # Litestar is an ASGI application
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        yield client


@pytest.fixture
def vendor() -> Iterator[Catalogue]:
    """Plans that differ, instead of the one with everything."""
    plans.use(VENDOR)
    yield VENDOR
    plans.use(UNLIMITED)


@pytest.fixture
def new_directory(database: None) -> NewDirectory:
    """Makes a fresh organization with one directory."""

    async def make(
        provider: str = "GENERIC", *, extensions: list[dict[str, object]] | None = None, **values: object
    ) -> DirectoryAccess:
        organization = await organizations.create("Acme")
        actor = operator(organization)
        for extension in extensions or []:
            text = msgspec.json.encode(extension).decode()
            await register_extension(actor, urn=str(extension["id"]), definition=text)
        chosen = msgspec.convert(values, Settings, strict=False)
        made = await directories.connect(actor, name=provider, provider=Provider(provider), settings=chosen)
        return DirectoryAccess("/scim/v2", made.key, organization, made.id)

    return make
