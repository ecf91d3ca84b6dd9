"""`plans list`."""

from __future__ import annotations

from argparse import Namespace

from api.provisioning import plans
from api.provisioning.caller import the_operator
from api.settings import VARIABLES, Settings

from .results import Result, table
from .verbs import Verbs, noun, query

_MORE = f"""\
{VARIABLES["plans"].name} names a JSON file of them; without it there is one plan, UNLIMITED, with everything:

  {{
    "default": "FREE",
    "contact": {{"name": "Sales", "mail": "sales@example.com"}},
    "plans": {{
      "FREE": {{"name": "Free"}},
      "GROWTH": {{"name": "Growth", "scim": "add_on"}},
      "ENTERPRISE": {{
        "name": "Enterprise", "scim": "included", "auto_purchase": "included",
        "contact": {{"name": "Customer Success", "link": "https://example.com/success"}}
      }}
    }}
  }}

New organizations have the default. What a plan has is included, add_on (see `organizations grant`) or none. Where an
organization's plan is not in the file, its directories are refused until it is given one that is."""


def add(nouns: Verbs) -> None:
    """The verb of plans."""
    verbs = noun(nouns, "plans", about="See the plans that organizations can have")
    query(
        verbs,
        "list",
        show_all,
        does="List the plans, what is part of each, and how many organizations have it",
        more=_MORE,
        example="python -m api plans list",
        in_organization=False,
    )


async def show_all(_: Namespace, __: Settings) -> Result:
    """All plans that are offered or in use."""
    found = await plans.all_of_them(the_operator())
    rows = [
        [
            each.key,
            each.name or "(not offered)",
            each.scim,
            each.auto_purchase,
            each.contact.text if each.contact else None,
            each.organizations,
        ]
        for each in found
    ]
    head = ("PLAN", "NAME", "SCIM", "AUTO-PURCHASE", "CONTACT", "ORGANIZATIONS")
    return Result(found, table(rows, head=head, otherwise=""))
