"""What workers do so that seats are charged for."""

from __future__ import annotations

from api.outbox.work import Handler
from api.provisioning import settlements
from api.provisioning.settlements import Settlement

HANDLERS = (Handler(settlements.SETTLE, Settlement, settlements.settle, at_once=5),)
