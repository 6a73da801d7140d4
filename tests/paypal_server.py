"""Our own PayPal, over real HTTP on 127.0.0.1: it remembers what it was asked, and misbehaves on demand."""

import json
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zlib import crc32

CLIENT, SECRET, WEBHOOK = "client", "secret", "WH-1"
SIGNATURE = "genuine"
CERTIFICATE = "https://api.paypal.com/v1/notifications/certs/CERT-1"


@dataclass
class FakeItem:
    """A payout as PayPal knows it."""

    id: str
    ref: str
    batch: str
    value: str
    currency: str
    receiver: str
    state: str = "PENDING"
    fee: str = "0.25"
    error: str = ""


@dataclass
class FakePaypal:
    """`misbehave`: what the next calls that would create a batch do: "429", "500", "garbage", "cut" (no answer and
    nothing done), "late" (done, and no answer), or the name of a refusal."""

    url: str = ""
    misbehave: list[str] = field(default_factory=list)
    batches: dict[str, str] = field(default_factory=dict)  # sender_batch_id → number
    items: dict[str, FakeItem] = field(default_factory=dict)  # number → item
    states: dict[str, str] = field(default_factory=dict)  # number of a batch → state
    closed: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    tokens: int = 0
    token_ends: bool = False  # the next call is told that its token is no good
    page_size: int = 1_000
    balances: dict[str, str] | None = None  # currency → what is in the account; None: the app may not read it
    slow: float = 0.0  # seconds that the check of a webhook takes
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def paid(self) -> dict[str, int]:
        """How often each payout was taken: more than once would be money lost."""
        found: dict[str, int] = {}
        for item in self.items.values():
            found[item.ref] = found.get(item.ref, 0) + 1
        return found

    def set_all(self, state: str, error: str = "") -> None:
        """All payouts are in this state now."""
        for item in self.items.values():
            item.state, item.error = state, error

    def webhook(
        self, item: FakeItem, number: int = 1, kind: str = "SUCCEEDED"
    ) -> tuple[dict[str, str], bytes]:
        """Headers and body of a genuine webhook about an item."""
        event = {
            "id": f"WH-{item.id}-{number}", "event_type": f"PAYMENT.PAYOUTS-ITEM.{kind}",
            "resource": {"payout_item_id": item.id, "transaction_status": "SUCCESS", "payout_batch_id": item.batch},
        }  # fmt: skip
        # Spaces, escapes and numbers as nobody would write them again: what was signed are these bytes.
        body = json.dumps(event, indent=1).replace('"resource"', '"fee": 1.0, "\\u0072esource"').encode()
        return signed(body), body


def signed(body: bytes, **changes: str) -> dict[str, str]:
    """The headers of a genuine webhook with this body."""
    headers = {f"paypal-{name}": "x" for name in ("auth-algo", "transmission-id", "transmission-time")}
    headers["paypal-cert-url"] = CERTIFICATE
    headers["paypal-transmission-sig"] = f"{SIGNATURE}-{crc32(body)}"
    return headers | {name.replace("_", "-"): value for name, value in changes.items()}


@contextmanager
def fake_paypal() -> Iterator[FakePaypal]:
    """One that runs until the block ends."""
    world = FakePaypal()
    handler = type("Handler", (_Handler,), {"world": world})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    world.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    world: FakePaypal
    protocol_version = "HTTP/1.1"

    def log_message(self, *_words: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        """Batches and items."""
        with self.world.lock:
            self.world.calls.append(f"GET {self.path}")
            if not self._is_allowed():
                return
            path, _, query = self.path.partition("?")
            number = path.rsplit("/", 1)[1]
            if path == "/v1/reporting/balances":
                self._balances()
            elif "/payouts-item/" in path:
                self._item(number)
            else:
                page = int(dict(part.split("=") for part in query.split("&")).get("page", 1))
                self._batch(number, page)

    def do_POST(self) -> None:
        """A token, a batch, a cancellation, a check of a webhook."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        with self.world.lock:
            self.world.calls.append(f"POST {self.path}")
            if self.path == "/v1/oauth2/token":
                self._token()
            elif self._is_allowed():
                self._act(json.loads(body), body)

    def _act(self, body: dict[str, Any], raw: bytes) -> None:
        if self.path == "/v1/payments/payouts":
            self._create(body)
        elif self.path.endswith("/cancel"):
            self._cancel(self.path.split("/")[-2])
        elif self.path == "/v1/notifications/verify-webhook-signature":
            time.sleep(self.world.slow)
            event = raw.partition(b'"webhook_event": ')[2].removesuffix(b"}")  # as PayPal reads it: its bytes
            good = body["transmission_sig"] == f"{SIGNATURE}-{crc32(event)}" and body["webhook_id"] == WEBHOOK
            self._say(200, {"verification_status": "SUCCESS" if good else "FAILURE"})

    def _is_allowed(self) -> bool:
        world = self.world
        good = self.headers.get("authorization") == f"Bearer T{world.tokens}" and not world.token_ends
        if not good:
            world.token_ends = False
            self._say(401, {"name": "AUTHENTICATION_FAILURE"})
        return good

    def _token(self) -> None:
        wanted = "Basic " + b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if self.headers.get("authorization") != wanted:
            self._say(401, {"name": "invalid_client"})
            return
        self.world.tokens += 1
        self._say(200, {"access_token": f"T{self.world.tokens}", "expires_in": 32_400})

    def _create(self, body: dict[str, Any]) -> None:
        does = self.world.misbehave.pop(0) if self.world.misbehave else ""
        if does == "cut":
            self.close_connection = True
            return
        if does == "429":
            self._say(429, {"name": "RATE_LIMIT_REACHED"}, {"Retry-After": "7"})
        elif does in ("500", "503"):
            self._say(int(does), {"name": "INTERNAL_SERVICE_ERROR"})
        elif does == "garbage":
            self._say(200, None)
        elif does and does != "late":
            self._say(422, {"name": does, "message": "No."})
        else:
            self._take(body, answer=does != "late")

    def _take(self, body: dict[str, Any], *, answer: bool) -> None:
        world, sender = self.world, body["sender_batch_header"]["sender_batch_id"]
        assert self.headers["paypal-request-id"] == sender
        if sender in world.batches:
            href = f"{world.url}/v1/payments/payouts/{world.batches[sender]}"
            self._say(400, {
                "name": "USER_BUSINESS_ERROR", "message": "User business error.", "links": [{"href": href, "rel": "self"}],
                "details": [{"field": "SENDER_BATCH_ID", "issue": "Batch with given sender_batch_id already exists"}],
            })  # fmt: skip
            return
        if not 1 <= len(body["items"]) <= 15_000:
            self._say(400, {"name": "VALIDATION_ERROR"})
            return
        number = f"B{len(world.batches) + 1}"
        world.batches[sender], world.states[number] = number, "PENDING"
        for one in body["items"]:
            made = FakeItem(
                f"I{len(world.items) + 1}", one["sender_item_id"], number, one["amount"]["value"],
                one["amount"]["currency"], one["receiver"],
            )  # fmt: skip
            world.items[made.id] = made
        if answer:
            self._say(201, {"batch_header": {"payout_batch_id": number, "batch_status": "PENDING"}})
        else:
            self.close_connection = True

    def _balances(self) -> None:
        if self.world.balances is None:
            self._say(403, {"name": "NOT_AUTHORIZED", "message": "No permission."})
            return
        lines = [
            {"currency": currency, "total_balance": {"currency_code": currency, "value": value}}
            for currency, value in self.world.balances.items()
        ]
        self._say(200, {"balances": lines, "account_id": "A1"})

    def _item(self, number: str) -> None:
        item = self.world.items.get(number)
        self._say(200, self._shown(item)) if item else self._say(404, {"name": "RESOURCE_NOT_FOUND"})

    def _cancel(self, number: str) -> None:
        item = self.world.items[number]
        if item.state != "UNCLAIMED":
            self._say(422, {"name": "ITEM_INCORRECT_STATUS"})
            return
        item.state = "RETURNED"
        self._say(200, self._shown(item))

    def _batch(self, number: str, page: int) -> None:
        items = [item for item in self.world.items.values() if item.batch == number]
        size = self.world.page_size
        shown = items[(page - 1) * size : page * size]
        header = {"payout_batch_id": number, "batch_status": self.world.states[number]}
        if number in self.world.closed:
            header["time_closed"] = "2026-12-29T00:00:00Z"
        pages = -(-len(items) // size)
        self._say(
            200, {"batch_header": header, "total_pages": pages, "items": [self._shown(one) for one in shown]}
        )

    def _shown(self, item: FakeItem) -> dict[str, Any]:
        sender = next(key for key, number in self.world.batches.items() if number == item.batch)
        return {
            "payout_item_id": item.id, "transaction_status": item.state, "payout_batch_id": item.batch,
            "sender_batch_id": sender, "payout_item_fee": {"value": item.fee, "currency": item.currency},
            "payout_item": {"sender_item_id": item.ref, "receiver": item.receiver},
            **({"errors": {"name": item.error}} if item.error else {}),
        }  # fmt: skip

    def _say(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        text = b"<html>" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(text))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)
