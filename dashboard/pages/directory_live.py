"""What comes of a directory while somebody looks on (R051)."""

from __future__ import annotations

import time
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from .. import visits
from ..visits import HEADERS
from .setup_steps import waiting_for


@get("/o/{organization:str}/provisioning/{directory:uuid}/arriving")
async def arriving(
    request: Request[Any, Any, Any], organization: FromPath[str], directory: FromPath[Any]
) -> Response[Any]:
    """How many there are and what came last; nothing (204) for a page that has seen it, until ten minutes are over."""
    visit = await visits.managing(request, organization)
    id, path = visit.id("Directory", str(directory)), f"{visit.base}/provisioning/{directory}"
    data = await visit.ask("arriving", organization=visit.organization_id, id=id, most=8)
    if not data["node"] or data["node"]["deletedAt"]:
        raise NotFoundException
    if not visit.is_htmx:
        return visit.go(path)
    given = request.query_params
    began = int(given["since"]) if given.get("since", "").isdecimal() else int(time.time())
    found = waiting_for(data, began)
    if given.get("v") == found["version"] and found["is_waiting"]:
        return Response("", status_code=204, headers=dict(HEADERS))
    last = data["node"]["condition"]["lastRequestAt"]
    return visit.page("directory_arriving.html", "arriving", path=path, id=id, last_request_at=last, **found)


PAGES = [arriving]
