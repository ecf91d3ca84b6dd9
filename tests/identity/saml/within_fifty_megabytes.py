"""A program that takes attacks from its input and refuses them all, with fifty megabytes to do it in."""

from __future__ import annotations

import json
import re
import resource
import sys
from pathlib import Path

from cryptography import x509

from api.identity.saml.refusals import NotTaken
from api.identity.saml.responses import take

from .forging import AS_USUAL, EXPECTED

told = json.load(sys.stdin)
certificate = x509.load_pem_x509_certificate(told["certificate"].encode())
take(told["honest"], [certificate], EXPECTED, AS_USUAL)

now = re.search(r"VmSize:\s+(\d+) kB", Path("/proc/self/status").read_text())
assert now is not None
resource.setrlimit(resource.RLIMIT_AS, (int(now[1]) * 1024 + 50_000_000,) * 2)

refused = 0
for field in told["attacks"]:
    try:
        take(field, [certificate], EXPECTED, AS_USUAL)
    except NotTaken:
        refused += 1
print(f"{refused} refused")
