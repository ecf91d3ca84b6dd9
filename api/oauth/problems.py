"""What is in the way of an access token, in the words of RFC 6749 §5.2."""

from __future__ import annotations

from db.oauth_rows import ClientRow


class OauthProblem(Exception):
    """A token request that is refused: the error code, its status, and what happened and what to do, for people.

    `client` is whose request it was, where that is known; then it stands in the record of requests.
    """

    error = "invalid_request"
    status = 400

    def __init__(self, text: str, client: ClientRow | None = None) -> None:
        super().__init__(text)
        self.client = client


class InvalidRequest(OauthProblem):
    """A parameter is missing, comes twice, or makes no sense."""


class InvalidClient(OauthProblem):
    """Nobody knows that the client is who it says it is."""

    error = "invalid_client"
    status = 401


class UnsupportedGrantType(OauthProblem):
    """Another grant than client credentials."""

    error = "unsupported_grant_type"


class InvalidScope(OauthProblem):
    """Another scope than the one there is."""

    error = "invalid_scope"


class TooManyRequests(OauthProblem):
    """Tokens are asked for more often than anybody needs them."""

    error = "temporarily_unavailable"
    status = 429

    def __init__(self, text: str, retry_after: float) -> None:
        super().__init__(text)
        self.retry_after = retry_after
