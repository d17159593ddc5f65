import pytest

from chalicelib.adapters.cognito import CognitoTokens
from chalicelib.domain.board import Person
from chalicelib.domain.errors import TokenExpired, TokenInvalid
from tests.adapters.signing import APP, Signer
from tests.fakes.tokens import FakeTokens

DORA = Person("sub-dora", "dora")


class FakeIssuer:
    """Gives out tokens of the fake."""

    def __init__(self) -> None:
        self.tokens = FakeTokens()

    def token(self, *groups: str) -> str:
        return self.tokens.issue(DORA, *groups)

    def expired(self) -> str:
        token = self.token()
        self.tokens.expire(token)
        return token


class SigningIssuer:
    """Signs tokens as Cognito does."""

    def __init__(self, signer: Signer) -> None:
        self.tokens = CognitoTokens(signer.issuer, (APP,), signer.jwks_url)
        self._signer = signer

    def token(self, *groups: str) -> str:
        return self._signer.access(**{"cognito:groups": list(groups)})

    def expired(self) -> str:
        return self._signer.access(exp=1)


Issuer = FakeIssuer | SigningIssuer


@pytest.fixture(params=["fake", "cognito"])
def issuer(request: pytest.FixtureRequest) -> Issuer:
    if request.param == "fake":
        return FakeIssuer()
    return SigningIssuer(request.getfixturevalue("signer"))


def test_a_token_tells_who_calls(issuer: Issuer) -> None:
    assert issuer.tokens.verify(issuer.token()).person == DORA


def test_everybody_is_in_their_own_group_first(issuer: Issuer) -> None:
    caller = issuer.tokens.verify(issuer.token("lab", "film"))
    assert caller.groups == ("user:sub-dora", "film", "lab")


def test_an_expired_token_is_told_apart_from_an_invalid_one(issuer: Issuer) -> None:
    with pytest.raises(TokenExpired):
        issuer.tokens.verify(issuer.expired())
    with pytest.raises(TokenInvalid):
        issuer.tokens.verify("junk")
