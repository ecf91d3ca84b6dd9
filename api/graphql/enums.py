"""The enums of the domain that the schema shows; registering them lets types name them as they are."""

from __future__ import annotations

import strawberry

from api.provisioning.actor import ActorKind, Right
from api.provisioning.diagnosis import Found
from api.provisioning.explanation import Source as RoleSource
from api.provisioning.lifecycle import Cause
from api.provisioning.overview import Suggestion
from api.provisioning.plan_catalogue import Access, Feature
from api.provisioning.tokens import TokenState
from db.enums import BillingInterval, MemberSource, MemberStatus, PurchaseState, SeatType

strawberry.enum(Right, name="Permission", description="What a caller may be allowed to do.")
strawberry.enum(ActorKind, description="What kind of actor did something.")
strawberry.enum(RoleSource, name="RoleSource", description="Where a step of an explanation comes from.")
strawberry.enum(MemberStatus, description="Where a member stands.")
strawberry.enum(MemberSource, description="By which way somebody came first.")
strawberry.enum(TokenState, name="ApiTokenState", description="Whether a token lets anybody in.")
strawberry.enum(Feature, name="Feature", description="What may be part of a plan, or be granted as an add-on.")
strawberry.enum(Access, name="FeatureAccess", description="How a plan has a feature.")
strawberry.enum(SeatType, description="The seats that a member can have; people know the free one as Guest.")
strawberry.enum(BillingInterval, description="How long a billing period is.")
strawberry.enum(PurchaseState, description="How far a purchase of seats has come.")
strawberry.enum(Cause, name="StandingCause", description="Why a member's standing or seat changed.")
strawberry.enum(Suggestion, name="SuggestionCode", description="What an organization could do better.")
strawberry.enum(Found, name="FindingCode", description="What was found about somebody who is looked for.")
