"""PayPal Payouts over plain HTTP: PayPal's own library has no payouts. Source: developer.paypal.com, Payouts API v1.

A batch is known by its `sender_batch_id`. PayPal refuses a second one with the same id and names the first, so that
after a time-out the same request again finds out what happened, and pays nobody twice.
"""

import json
import logging
import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from tagwerk.domain.payments.provider import (
    BatchPage,
    Item,
    ItemState,
    ItemStatus,
    RailBusy,
    RailRefused,
    RailUnsure,
)

log = logging.getLogger(__name__)
SECONDS = 40.0  # a batch of 15,000 takes PayPal a while
CHECK_SECONDS = 5.0  # a page waits for the check of a webhook; PayPal sends again what could not be checked
PAGE_SIZE = 1_000
EARLY = 60  # a token is renewed so many seconds before it ends
LONGEST_WAIT = 3_600
_HEADERS = {
    "auth_algo": "paypal-auth-algo",
    "cert_url": "paypal-cert-url",
    "transmission_id": "paypal-transmission-id",
    "transmission_sig": "paypal-transmission-sig",
    "transmission_time": "paypal-transmission-time",
}


class Paypal:
    """The provider "paypal"; satisfies `tagwerk.domain.payments.provider.PayoutRail`."""

    def __init__(
        self,
        *,
        url: str | None = None,
        client_id: str | None = None,
        secret: str | None = None,
        webhook_id: str | None = None,
        seconds: float = SECONDS,
    ) -> None:
        from django.conf import settings

        self._url = settings.PAYPAL_URL if url is None else url
        self._credentials = (
            settings.PAYPAL_CLIENT_ID if client_id is None else client_id,
            settings.PAYPAL_SECRET if secret is None else secret,
        )
        self._webhook_id = settings.PAYPAL_WEBHOOK_ID if webhook_id is None else webhook_id
        self._http = httpx.Client(
            base_url=self._url, timeout=seconds, follow_redirects=False, trust_env=False
        )
        self._lock, self._seconds = threading.Lock(), seconds
        self._token, self._ends = "", 0.0

    @property
    def is_set_up(self) -> bool:
        """Whether there is a client id and a secret."""
        return all(self._credentials)

    def send(self, batch_ref: str, currency: str, items: Sequence[Item], subject: str) -> str:
        """Hand over a batch; PayPal's number of it, also where it had been handed over before."""
        body = {
            "sender_batch_header": {"sender_batch_id": batch_ref, "email_subject": subject[:255]},
            "items": [_item(one, currency) for one in items],
        }
        try:
            answer = self._call("POST", "/v1/payments/payouts", body, {"PayPal-Request-Id": batch_ref})
        except _Duplicate as duplicate:
            return duplicate.batch_id
        return _said(answer, "batch_header", "payout_batch_id")

    def batch(self, batch_id: str, page: int) -> BatchPage:
        """A page of a batch, from 1 on."""
        query = f"?page={page}&page_size={PAGE_SIZE}&total_required=true"
        answer = self._call("GET", f"/v1/payments/payouts/{quote(batch_id, safe='')}{query}")
        header = answer.get("batch_header") or {}
        state = str(header.get("batch_status", ""))
        return BatchPage(
            state=state,
            closed=bool(header.get("time_closed")) or state in ("DENIED", "CANCELED"),
            pages=int(answer.get("total_pages") or 1),
            items=tuple(_statuses(answer.get("items") or ())),
        )

    def item(self, item_id: str) -> ItemStatus:
        """One payout."""
        return _status(self._call("GET", f"/v1/payments/payouts-item/{quote(item_id, safe='')}"))

    def cancel(self, item_id: str) -> ItemStatus:
        """Take back a payout that nobody has claimed."""
        return _status(self._call("POST", f"/v1/payments/payouts-item/{quote(item_id, safe='')}/cancel", {}))

    def balances(self) -> Mapping[str, int]:
        """All that is in the account, also what PayPal withholds. Refused where the app may not read balances."""
        answer = self._call("GET", "/v1/reporting/balances")
        return {
            _said(one, "currency")[:3]: _signed(_said(one, "total_balance", "value"))
            for one in answer.get("balances") or ()
        }

    def is_genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether PayPal says that it sent this webhook. It signs the bytes as they came, so they go back as they are."""
        if not self._webhook_id or not all(headers.get(name) for name in _HEADERS.values()):
            return False
        facts = {field: headers[name] for field, name in _HEADERS.items()}
        if not _is_of_paypal(facts["cert_url"]):
            return False
        said = json.dumps(facts | {"webhook_id": self._webhook_id}).removesuffix("}").encode()
        answer = self._call(
            "POST", "/v1/notifications/verify-webhook-signature", said + b', "webhook_event": ' + body + b"}",
            {"Content-Type": "application/json"}, seconds=CHECK_SECONDS,
        )  # fmt: skip
        return answer.get("verification_status") == "SUCCESS"

    def _call(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        *,
        seconds: float | None = None,
    ) -> dict[str, Any]:
        seconds = seconds or self._seconds
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        for again in (True, False):
            sent = {"Authorization": f"Bearer {self._bearer(seconds)}"} | dict(headers or {})
            response = self._request(method, path, headers=sent, timeout=seconds, **content)
            if response.status_code != 401 or not again:
                break
            with self._lock:
                self._token = ""  # withdrawn before its time
        return _answer(response)

    def _bearer(self, seconds: float) -> str:
        """PayPal asks to use one token until it ends. Nobody waits for long while somebody else fetches it."""
        if not self._lock.acquire(timeout=seconds):
            raise RailUnsure("no token in time")
        try:
            if not self._token or time.monotonic() >= self._ends:
                response = self._request(
                    "POST",
                    "/v1/oauth2/token",
                    data={"grant_type": "client_credentials"},
                    auth=self._credentials,
                    timeout=seconds,
                )
                answer = _answer(response)
                self._token = _said(answer, "access_token")
                self._ends = time.monotonic() + int(answer.get("expires_in") or 0) - EARLY
            return self._token
        finally:
            self._lock.release()

    def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **more)
        except httpx.HTTPError as error:
            raise RailUnsure(f"{type(error).__name__}: {error}"[:300]) from error


def _is_of_paypal(address: str) -> bool:
    """Whether a certificate is said to be where PayPal keeps its own; else nothing needs to be asked."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and parts.netloc.endswith(".paypal.com") and "@" not in parts.netloc
    except ValueError:
        return False


class _Duplicate(Exception):
    """The batch is there already, under this number."""

    def __init__(self, batch_id: str) -> None:
        super().__init__(batch_id)
        self.batch_id = batch_id


def _item(one: Item, currency: str) -> dict[str, Any]:
    return {
        "recipient_type": "EMAIL",
        "receiver": one.receiver,
        "amount": {"value": one.amount, "currency": currency},
        "note": one.note[:1000],
        "sender_item_id": one.ref,
        "purpose": "SERVICES",
    }


def _answer(response: httpx.Response) -> dict[str, Any]:
    """The body of a good answer; else what the answer means for what was asked."""
    status = response.status_code
    if status == 429:
        raise RailBusy(_seconds(response.headers.get("retry-after", "")))
    if status >= 500 or 300 <= status < 400:
        raise RailUnsure(f"HTTP {status}")
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RailUnsure(f"HTTP {status} without a JSON object")
    if status >= 400:
        raise _refusal(body, status)
    return body


def _refusal(body: dict[str, Any], status: int) -> Exception:
    if "sender_batch_id" in str(body).lower() and "already exist" in str(body).lower():
        for link in body.get("links") or ():
            if found := re.search(r"/v1/payments/payouts/([A-Za-z0-9_-]+)", str(link.get("href", ""))):
                return _Duplicate(found[1])
        return RailUnsure("the batch is there already, and PayPal does not say where")
    return RailRefused(str(body.get("name") or f"HTTP_{status}")[:60], str(body.get("message") or ""))


def _seconds(text: str) -> int:
    return min(LONGEST_WAIT, max(1, int(text))) if text.isascii() and text.isdigit() else 60


def _said(answer: Mapping[str, Any], *path: str) -> str:
    found: Any = answer
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    if not isinstance(found, str) or not found:
        raise RailUnsure(f"an answer without {'.'.join(path)}")
    return found


def _statuses(items: Iterable[Mapping[str, Any]]) -> Iterator[ItemStatus]:
    """What can be read of a page: one payout about which nothing is said does not stop the others."""
    for one in items:
        try:
            yield _status(one)
        except RailUnsure as unsure:
            log.warning("PayPal lists a payout of which nothing can be read: %s", unsure)


def _status(answer: Mapping[str, Any]) -> ItemStatus:
    said = _said(answer, "transaction_status")
    is_known = said in ItemState.__members__ and said != ItemState.UNKNOWN
    fee = answer.get("payout_item_fee") or {}
    return ItemStatus(
        item_id=_said(answer, "payout_item_id"),
        ref=_said(answer, "payout_item", "sender_item_id"),
        batch_ref=str(answer.get("sender_batch_id") or ""),
        state=ItemState(said) if is_known else ItemState.UNKNOWN,
        fee_micros=_micros(fee.get("value")),
        fee_currency=str(fee.get("currency") or "")[:3],
        error=str((answer.get("errors") or {}).get("name") or "")[:40] if is_known else said[:40],
    )


def _signed(text: str) -> int:
    found = re.fullmatch(r"(-?)(\d{0,12})(?:\.(\d{1,6}))?", text, re.ASCII)
    if found is None or not (found[2] or found[3]):
        raise RailUnsure(f"no amount: {text[:40]}")
    micros = int(found[2] or 0) * 1_000_000 + int((found[3] or "").ljust(6, "0"))
    return -micros if found[1] else micros


def _micros(text: object) -> int:
    found = re.fullmatch(r"(\d{1,9})(?:\.(\d{1,6}))?", str(text or "0"), re.ASCII)
    return int(found[1]) * 1_000_000 + int((found[2] or "").ljust(6, "0")) if found else 0
