"""The provider as allauth wants it: which checks an answer of the provider has to pass."""

import hashlib
from typing import Any

import jwt
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

SIGNATURES = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"})


def nonce_of(state: str) -> str:
    """The nonce of a request: it follows from the state, which only this browser's session knows."""
    return hashlib.sha256(f"nonce:{state}".encode()).hexdigest()


class NonceClient(OAuth2Client):
    """Asks the provider to put a nonce into the ID token."""

    def get_redirect_url(self, authorization_url: str, scope: Any, extra_params: dict[str, str]) -> str:
        with_nonce = {**extra_params, "nonce": nonce_of(self.state or "")}
        return str(super().get_redirect_url(authorization_url, scope, with_nonce))


class SignedOpenIDAdapter(OpenIDConnectOAuth2Adapter):
    """Believes an ID token only with the provider's signature and this request's nonce."""

    client_class = NonceClient

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **known: Any
    ) -> SocialLogin:
        if not known["response"].get("id_token"):
            raise OAuth2Error("The provider sent no ID token.")
        login: SocialLogin = super().complete_login(request, app, token, **known)
        claims, about = login.account.extra_data["id_token"], login.account.extra_data["userinfo"]
        if not constant_time_compare(str(claims.get("nonce")), nonce_of(request.GET.get("state", ""))):
            raise OAuth2Error("The ID token is of another request.")
        if claims.get("sub") != about.get("sub"):
            raise OAuth2Error("The ID token is of somebody else.")
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        self.did_fetch_access_token = False  # allauth then checks the signature
        try:
            if jwt.get_unverified_header(id_token).get("alg") not in SIGNATURES:
                raise OAuth2Error("The ID token is not signed with a key pair.")
            claims: dict[str, Any] = super()._decode_id_token(app, id_token)
        except (jwt.PyJWTError, LookupError, TypeError, ValueError) as wrong:
            raise OAuth2Error("The ID token or the provider's keys cannot be read.") from wrong
        return claims


class SignedOpenID(OpenIDConnectProvider):
    """OpenID Connect with a signature, a nonce, and e-mail addresses that are verified only if the provider says so."""

    oauth2_adapter_class = SignedOpenIDAdapter

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        found: list[EmailAddress] = super().extract_email_addresses(data)  # type: ignore[no-untyped-call]
        for address in found:
            address.verified = address.verified in (True, "true")  # some providers write it as text
        return found
