"""A small OpenID Connect provider on this machine: whoever is sent to it is Mia, and it may be told to lie."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = {"name": "Acme", "client_id": "tagwerk", "secret": "a-client-secret"}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGE_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """What it says about whoever comes; `claims` and `signed_by` are how it can be made to lie."""

    address: str = ""
    about: dict[str, Any] = field(
        default_factory=lambda: {"sub": "mia-1", "email": "mia@example.org", "email_verified": True}
    )
    claims: dict[str, Any] = field(default_factory=dict)
    signed_by: Any = KEY
    algorithm: str = "RS256"
    asked: dict[str, dict[str, str]] = field(default_factory=dict)  # code → the request that it answers

    def discovery(self) -> dict[str, Any]:
        """What a client finds at the well-known address."""
        places = ("authorization", "token", "userinfo")
        return {
            "issuer": self.address,
            "jwks_uri": f"{self.address}/keys",
            **{f"{place}_endpoint": f"{self.address}/{place}" for place in places},
        }

    def keys(self) -> dict[str, Any]:
        """Its public key."""
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [key | {"kid": "one", "use": "sig", "alg": "RS256"}]}

    def way_back(self, query: dict[str, str]) -> str:
        """Whoever comes is let in at once."""
        code = secrets.token_hex(8)
        self.asked[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def tokens(self, sent: dict[str, str]) -> dict[str, Any]:
        """The tokens for a code, once, and only to the client who asked and can show so (PKCE)."""
        asked = self.asked.pop(sent["code"])
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked["code_challenge"]
        assert sent["client_secret"] == CLIENT["secret"]
        now = int(time.time())
        claims = {
            "iss": self.address, "aud": CLIENT["client_id"], "iat": now, "exp": now + 60,
            "sub": self.about["sub"], "nonce": asked["nonce"],
        }  # fmt: skip
        id_token = jwt.encode(claims | self.claims, self.signed_by, self.algorithm, headers={"kid": "one"})
        return {"access_token": "an-access-token", "token_type": "Bearer", "id_token": id_token}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path == "/authorization":
                query = {name: values[0] for name, values in parse_qs(url.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.way_back(query))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            answers = {
                "/.well-known/openid-configuration": provider.discovery,
                "/keys": provider.keys,
                "/userinfo": lambda: provider.about,
            }
            self.answer(answers[url.path]())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.answer(provider.tokens({name: values[0] for name, values in parse_qs(body).items()}))

        def answer(self, value: dict[str, Any]) -> None:
            content = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: Any) -> None:
            pass

    return Handler


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, until the test ends."""
    provider = Provider()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider)) as server:
        provider.address = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, daemon=True).start()
        yield provider
        server.shutdown()
