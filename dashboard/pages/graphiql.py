"""GraphiQL: trying GraphQL out in the browser, as whoever is signed in and with their permissions, where it is on."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from api.graphql.callers import FORM_TOKEN, ORGANIZATION
from api.provisioning.actor import Right
from api.sign_in.cookies import new_secret

from .. import here, visits
from ..visits import CONTENT_POLICY

_EXAMPLE = """# Ctrl-Enter runs this. What it changes is changed for real, and stands in the audit under your name.
{
  viewer { name permissions }
  organization {
    name
    members(first: 5) { totalCount nodes { displayName email status effectiveRole { name } } }
  }
}
"""


@get("/o/{organization:str}/developers/graphiql")
async def graphiql(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """The page; it is none where it is off, and 403 for whoever may not make tokens either."""
    if not visits.anybody(request).settings.graphiql:
        raise NotFoundException
    visit = await visits.entered(request, organization, Right.DEVELOPERS_MANAGE)
    data = await visit.ask("name", organization=visit.organization_id)
    # GraphiQL keeps the page from scrolling behind its dialogs by a style that it makes, and has its fonts in its own.
    nonce = new_secret()
    policy = f"{CONTENT_POLICY}; font-src data:".replace("style-src 'self'", f"style-src 'self' 'nonce-{nonce}'")
    headers = {FORM_TOKEN: visit.form_token, ORGANIZATION: visit.organization_id}
    answer = visit.page(
        "graphiql.html", here=here.of(visit, "developers", data), sent=headers, nonce=nonce, example=_EXAMPLE
    )
    answer.headers["Content-Security-Policy"] = policy
    return answer


PAGES = [graphiql]
