"""How large a bulk request may be; advertised and enforced."""

MAX_OPERATIONS = 1000
