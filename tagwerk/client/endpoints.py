"""What an organisation runs beside its projects: webhooks, qualifications, members, money."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tagwerk.client.transport import Transport

Facts = dict[str, Any]


class Webhooks:
    """Endpoints that are told what happens."""

    def __init__(self, transport: Transport) -> None:
        self._api = transport

    def create(self, url: str, events: list[str]) -> Facts:
        """A new endpoint; the answer holds its secret, once."""
        made: Facts = self._api.post("/webhooks", {"url": url, "events": events})
        return made

    def list(self) -> Iterator[Facts]:
        """The organisation's endpoints."""
        return self._api.pages("/webhooks")

    def delete(self, webhook: str) -> None:
        """Tell it nothing more."""
        self._api.ask("DELETE", f"/webhooks/{webhook}")

    def deliveries(self, webhook: str) -> Iterator[Facts]:
        """What was sent there, newest first."""
        return self._api.pages(f"/webhooks/{webhook}/deliveries")

    def replay(self, webhook: str, delivery: str) -> Facts:
        """Send a delivery again."""
        sent: Facts = self._api.post(f"/webhooks/{webhook}/deliveries/{delivery}/replay")
        return sent


class Qualifications:
    """What workers hold, and who gets it."""

    def __init__(self, transport: Transport) -> None:
        self._api = transport

    def list(self) -> Iterator[Facts]:
        """The organisation's qualifications and those of the whole instance."""
        return self._api.pages("/qualifications")

    def grant(self, qualification: str, email: str, score: int, *, expires_at: str | None = None) -> Facts:
        """Give it to a worker."""
        body = {"email": email, "score": score, "expires_at": expires_at}
        given: Facts = self._api.post(f"/qualifications/{qualification}/holders", body)
        return given

    def revoke(self, qualification: str, email: str) -> None:
        """Take it away."""
        self._api.post(f"/qualifications/{qualification}/revoke", {"email": email})

    def upload(self, qualification: str, file: str | Path) -> Facts:
        """Give it to everybody in a CSV file with the columns email, score and, if you like, expires."""
        report: Facts = self._api.upload(
            f"/qualifications/{qualification}/holders/csv", Path(file), "text/csv"
        )
        return report


class Account:
    """Who this key is, and what the organisation has."""

    def __init__(self, transport: Transport) -> None:
        self._api = transport

    def me(self) -> Facts:
        """Who this key is."""
        facts: Facts = self._api.get("/me")
        return facts

    def balance(self) -> list[Facts]:
        """The organisation's money, by currency."""
        found: list[Facts] = self._api.get("/balance")["balances"]
        return found

    def movements(self) -> Iterator[Facts]:
        """What moved into and out of the organisation's prepaid money."""
        return self._api.pages("/movements")

    def members(self) -> Iterator[Facts]:
        """The organisation's members."""
        return self._api.pages("/members")
