"""Webhooks: where the application is told of changes, what it was sent, and sending that again."""

from __future__ import annotations

import json
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from api.provisioning.actor import Right
from db.enums import DeliveryState

from .. import bars, forms, here, lists, shown_once, visits, words
from ..forms import Form
from ..graph import errors_of
from ..visits import HEADERS, Visit

_SIGNINGS = (("HMAC", "A shared secret (HMAC-SHA256)"), ("ED25519", "A key pair of Rollcall’s (Ed25519)"))
_PUBLIC_KEY = "whpk_"
_OVERLAPS = (("24", "24 hours"), ("1", "1 hour"), ("0", "At once"), ("168", "7 days"))


@get("/o/{organization:str}/developers/webhooks/new")
async def ask_new(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Asks where to send what."""
    return await _form(await visits.entered(request, organization), Form({}))


async def _form(visit: Visit, form: Form, errors: list[str] | None = None) -> Response[Any]:
    data = await visit.ask("webhook_types", organization=visit.organization_id, schemas=False)
    return visit.page(
        "webhook_new.html",
        status=422 if errors else 200,
        here=here.of(visit, "developers", data),
        organization=data["organization"],
        given={"url": form.text("url"), "description": form.text("description"), "types": form.all("type")},
        signing=form.text("signing"),
        signings=_SIGNINGS,
        errors=errors or [],
    )


@post("/o/{organization:str}/developers/webhooks")
async def create(request: Request[Any, Any, Any], organization: FromPath[str]) -> Response[Any]:
    """Makes an endpoint, and goes on to what its messages are verified with."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    asked = {
        "url": form.text("url"),
        "description": form.text("description"),
        "eventTypes": form.all("type"),
        "signing": form.text("signing") or "HMAC",
    }
    result = (await visit.ask("webhook_create", organization=visit.organization_id, input=asked))[
        "webhookEndpointCreate"
    ]
    if errors := errors_of(result):
        return await _form(visit, form, errors)
    return _to_secret(visit, result, "The endpoint is there.")


def _to_secret(visit: Visit, result: dict[str, Any], said: str) -> Response[Any]:
    """To the page that shows once what messages are verified with."""
    path = f"{visit.base}/developers/webhooks/{words.uid(result['endpoint']['id'])}/secret"
    return visit.go(path, said, cookies=[shown_once.put(visit, path, result["publicKey"] or result["secret"])])


@get("/o/{organization:str}/developers/webhooks/{endpoint:uuid}/secret")
async def secret(
    request: Request[Any, Any, Any], organization: FromPath[str], endpoint: FromPath[Any]
) -> Response[Any]:
    """What the messages of an endpoint are verified with, this once."""
    visit = await visits.entered(request, organization, Right.DEVELOPERS_MANAGE)
    path = f"{visit.base}/developers/webhooks/{endpoint}"
    found, cookies = shown_once.take(visit, f"{path}/secret")
    if found is None:
        return visit.go(path, "It was shown once. If you lost it, make another below, under Signing.")
    data = await visit.ask("name", organization=visit.organization_id)
    by_key = found.startswith(_PUBLIC_KEY)
    return visit.page(
        "secret_once.html",
        cookies=cookies,
        here=here.of(visit, "developers", data),
        title="What to verify messages with",
        secrets=[("Public key" if by_key else "Signing secret", found)],
        texts=[
            "Verify each message with it, as Standard Webhooks says: over webhook-id, webhook-timestamp and body.",
            "The public key can be seen again." if by_key else "The secret is shown once. If you lose it, rotate it.",
        ],
        sample=None,
        back=(path, "Go on to the endpoint"),
        crumb=(f"{visit.base}/developers", "Developers"),
    )


@get("/o/{organization:str}/developers/webhooks/{endpoint:uuid}")
async def one(request: Request[Any, Any, Any], organization: FromPath[str], endpoint: FromPath[Any]) -> Response[Any]:
    """One endpoint with what it was sent."""
    return await _shown(await visits.entered(request, organization), str(endpoint))


async def _shown(
    visit: Visit, endpoint: str, errors: list[str] | None = None, form: Form | None = None
) -> Response[Any]:
    """The page, again with what was typed after what was in the way."""
    state = visit.request.query_params.get("state", "")
    state = state if state in DeliveryState.__members__ else ""
    asked = {"organization": visit.organization_id, "id": visit.id("WebhookEndpoint", endpoint)}
    shown = {"state": state or None, "traffic": not visit.is_htmx}
    data = await visit.ask("webhook", **asked, **shown, **lists.span(visit.request, 25))
    found = data["node"]
    if not found:
        raise NotFoundException
    version = _version(found)
    if visit.is_htmx and visit.request.query_params.get("v") == version:
        return Response("", status_code=204, headers=dict(HEADERS))
    path = f"{visit.base}/developers/webhooks/{endpoint}"
    given = visit.request.query_params
    again = {"state": state, "after": given.get("after"), "before": given.get("before"), "v": version}
    return visit.page(
        "webhook.html",
        "deliveries",
        status=422 if errors else 200,
        here=here.of(visit, "developers", data),
        organization=data["organization"],
        e=found,
        path=path,
        ask=f"{path}?{lists.query(again)}",
        state=state,
        outcomes=bars.deliveries(found["traffic"]) if "traffic" in found else None,
        counts={each["state"]: each["count"] for each in found["lastDay"]},
        signings=_SIGNINGS,
        overlaps=_OVERLAPS,
        given={"url": form.text("url"), "description": form.text("description"), "types": form.all("type")}
        if form and form.maybe("url")
        else {"url": found["url"], "description": found["description"], "types": found["eventTypes"]},
        errors=errors or [],
    )


def _version(endpoint: dict[str, Any]) -> str:
    """What is different when there is something new to see among the deliveries."""
    nodes = endpoint["deliveries"]["nodes"]
    tries = sum(len(each["attempts"]) for each in nodes)
    first = words.uid(nodes[0]["id"]) if nodes else ""
    return f"{first} {tries} {sum(each['state'] == 'PENDING' for each in nodes)}"


@post("/o/{organization:str}/developers/webhooks/{endpoint:uuid}/{act:str}")
async def act(
    request: Request[Any, Any, Any], organization: FromPath[str], endpoint: FromPath[Any], act: FromPath[str]
) -> Response[Any]:
    """Does something with an endpoint."""
    visit = await visits.entered(request, organization)
    form = await forms.read(visit)
    asked = _asked(act, form)
    if asked is None:
        raise NotFoundException
    document, field, variables, said = asked
    if any(day and not lists.is_day(day) for day in (form.text("from"), form.text("to"))):
        return await _shown(visit, str(endpoint), ["Choose days of the calendar, such as 2026-11-26."], form)
    result = (await visit.ask(document, id=visit.id("WebhookEndpoint", str(endpoint)), **variables))[field]
    if errors := errors_of(result):
        return await _shown(visit, str(endpoint), errors, form)
    if act == "rotate":
        return _to_secret(visit, result, "The secret is another.")
    if act == "delete":
        return visit.go(f"{visit.base}/developers", said)
    return visit.go(f"{visit.base}/developers/webhooks/{endpoint}", said.format(result.get("count")))


def _asked(act: str, form: Form) -> tuple[str, str, dict[str, Any], str] | None:
    """The document of an act with its field and variables, and what is said of it afterwards."""
    update, field = "webhook_update", "webhookEndpointUpdate"
    match act:
        case "enable" | "disable":
            is_on = act == "enable"
            return update, field, {"input": {"isEnabled": is_on}}, f"The endpoint is {'on' if is_on else 'off'}."
        case "change":
            changed = {"url": form.text("url"), "description": form.text("description"), "eventTypes": form.all("type")}
            return update, field, {"input": changed}, "The endpoint is changed."
        case "rotate":
            chosen = {"overlapHours": form.number("overlap") or 0, "signing": form.maybe("signing")}
            return "webhook_rotate", "webhookSecretRotate", chosen, ""
        case "test":
            return "webhook_test", "webhookTest", {}, "A test is on its way; it is at the top of the list below."
        case "delete":
            return "webhook_delete", "webhookEndpointDelete", {}, "The endpoint is deleted."
        case "replay":
            ticked = form.all("delivery")
            since, until = form.maybe("from"), form.maybe("to")
            times = {"from": f"{since}T00:00:00Z" if since else None, "to": f"{until}T23:59:59Z" if until else None}
            which: dict[str, Any] = {"deliveries": ticked} if ticked else {**times}
            return "webhook_replay", "webhookDeliveriesReplay", which, "To be sent again: {}."
    return None


@get("/o/{organization:str}/developers/webhooks/{endpoint:uuid}/deliveries/{delivery:uuid}")
async def delivery(
    request: Request[Any, Any, Any], organization: FromPath[str], endpoint: FromPath[Any], delivery: FromPath[Any]
) -> Response[Any]:
    """One message: its body, and every attempt."""
    visit = await visits.entered(request, organization)
    data = await visit.ask(
        "webhook_delivery",
        organization=visit.organization_id,
        endpoint=visit.id("WebhookEndpoint", str(endpoint)),
        id=visit.id("WebhookDelivery", str(delivery)),
    )
    if not data["node"] or not data["endpoint"]:
        raise NotFoundException
    return visit.page(
        "webhook_delivery.html",
        here=here.of(visit, "developers", data),
        organization=data["organization"],
        e=data["endpoint"],
        d=data["node"],
        body=json.dumps(data["node"]["body"], indent=2, ensure_ascii=False),
        path=f"{visit.base}/developers/webhooks/{endpoint}",
    )


@get("/o/{organization:str}/developers/webhooks/{endpoint:uuid}/deletion")
async def ask_delete(
    request: Request[Any, Any, Any], organization: FromPath[str], endpoint: FromPath[Any]
) -> Response[Any]:
    """Asks whether an endpoint is to go."""
    visit = await visits.entered(request, organization)
    id = visit.id("WebhookEndpoint", str(endpoint))
    data = await visit.ask("webhook", organization=visit.organization_id, id=id, first=1, traffic=False)
    if not data["node"]:
        raise NotFoundException
    return visit.page(
        "webhook_delete.html",
        here=here.of(visit, "developers", data),
        organization=data["organization"],
        e=data["node"],
        path=f"{visit.base}/developers/webhooks/{endpoint}",
    )


PAGES = [ask_new, create, secret, one, act, delivery, ask_delete]
