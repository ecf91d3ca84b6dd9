"""Telling Rollcall of a sign-in, to be made part of your application. It needs nothing but Python's own library.

    export ROLLCALL_URL=https://rollcall.example.com  # where Rollcall is
    export ROLLCALL_TOKEN=rc_api_…                    # an API token with members.sign_in
    export ROLLCALL_SIGNING_SECRET=whsec_…            # what was shown beside it
    python jit_sign_in.py ann@example.com "Ann Lee"

What it shows, and what yours has to do as well:

- **Call after success only**, before you open a session, and open none unless `canUse` is true.
- **Make one id for each sign-in**, and use it again when you try again, with a new time and signature.
- **Sign the very bytes that are sent.**
- **Tell a refusal from trouble**: what answers 4xx is decided, and 429 and 5xx may be tried again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from typing import Any

_TRIES = 3
_SECONDS = 10


@dataclass(frozen=True)
class Rollcall:
    """Where Rollcall is, and what an application is known by there."""

    url: str
    token: str
    signing_secret: str

    def tell(self, sign_in: dict[str, Any]) -> dict[str, Any]:
        """What Rollcall says of a sign-in; raises Refused, and urllib.error.URLError when it cannot be reached."""
        call, body = uuid.uuid4().hex, json.dumps(sign_in).encode()
        for number in range(_TRIES):
            try:
                return self._sent(call, body)
            except urllib.error.HTTPError as error:
                if error.code < 500 and error.code != 429:
                    raise Refused(json.load(error)) from None
                if number == _TRIES - 1:
                    raise
                time.sleep(min(5.0, float(error.headers.get("Retry-After") or 1)))
        raise AssertionError("unreachable")

    def _sent(self, call: str, body: bytes) -> dict[str, Any]:
        at = str(int(time.time()))
        key = base64.b64decode(self.signing_secret.removeprefix("whsec_"))
        signature = hmac.digest(key, f"{call}.{at}.".encode() + body, hashlib.sha256)
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "webhook-id": call,
            "webhook-timestamp": at,
            "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
        }
        request = urllib.request.Request(f"{self.url}/jit/sign-ins", body, headers)
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            found: dict[str, Any] = json.load(answer)
            return found


class Refused(Exception):
    """Somebody is not let in, or the call is wrong; `code` is for the program, the text for people."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem["detail"])
        self.code, self.trace = problem["code"], problem["trace"]


def main() -> int:
    """Tell of a sign-in that the command line names."""
    environment = ("ROLLCALL_URL", "ROLLCALL_TOKEN", "ROLLCALL_SIGNING_SECRET")
    rollcall = Rollcall(*(os.environ[name] for name in environment))
    email, *names = sys.argv[1:]
    try:
        member = rollcall.tell({"outcome": "success", "email": email, **({"name": names[0]} if names else {})})
    except Refused as refused:
        print(f"{email} is not let in ({refused.code}): {refused}")
        return 1
    may = "may" if member["canUse"] else "may not"
    print(f"{email} is {member['memberId']}, {member['status']}, and {may} come in")
    return 0 if member["canUse"] else 1


if __name__ == "__main__":
    sys.exit(main())
