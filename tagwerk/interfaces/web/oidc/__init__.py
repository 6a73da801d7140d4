"""Sign-in through an OpenID Connect provider of the operator's choice: what allauth leaves open is closed here.

allauth trusts the connection to the provider and checks neither the signature of an ID token nor a nonce. Here both are
checked, codes are bound to the browser (PKCE), and the page that leads to the provider may lead there.
"""

from typing import Any


def providers(*, name: str, issuer: str, client_id: str, secret: str) -> dict[str, Any]:
    """allauth's setting for one provider; without a name there is none."""
    app = {
        "provider_id": "oidc",
        "name": name,
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": issuer},
    }
    return {
        "openid_connect": {
            "provider_class": f"{__name__}.provider.SignedOpenID",
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [app] if name else [],
        }
    }
