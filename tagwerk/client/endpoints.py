"""What an organisation runs beside its projects: webhooks, qualifications, members, money."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tagwerk.client.transport import Transport

Facts = dict[str, Any]


class Webhooks:
    """Endpoints that are told what happens."""

    def __init__(self, transport: Transport) -> None:
        self._api = transport

    def create(self, url: str, events: list[str], *, accept: bool = False, description: str = "") -> Facts:
        """A new endpoint; the answer holds its secret, once. `accept` delivers results at once, and pays them by that."""
        body = {"url": url, "events": events, "accept": accept, "description": description}
        made: Facts = self._api.post("/webhooks", body)
        return made

    def list(self) -> Iterator[Facts]:
        """The organisation's endpoints."""
        return self._api.pages("/webhooks")

    def change(self, webhook: str, **changes: Any) -> Facts:
        """Change url, events, accept, description or active."""
        changed: Facts = self._api.ask("PATCH", f"/webhooks/{webhook}", body=changes)
        return changed

    def new_secret(self, webhook: str) -> str:
        """A new secret; for a day messages carry the signatures of both."""
        return str(self._api.post(f"/webhooks/{webhook}/secret")["secret"])

    def test(self, webhook: str) -> Facts:
        """Have a test message sent."""
        sent: Facts = self._api.post(f"/webhooks/{webhook}/test")
        return sent

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

    def create(self, slug: str, title: str, description: str = "") -> Facts:
        """A new one of the organisation's own."""
        body = {"slug": slug, "title": title, "description": description}
        made: Facts = self._api.post("/qualifications", body)
        return made

    def holders(self, qualification: str) -> Iterator[Facts]:
        """Who holds it now."""
        return self._api.pages(f"/qualifications/{qualification}/holders")

    def grant(
        self, qualification: str, worker: str, score: int = 100, *, expires_at: str | None = None
    ) -> Facts:
        """Give it to a worker, by their code or, for a member, by address."""
        body = {"worker": worker, "score": score, "expires_at": expires_at}
        given: Facts = self._api.post(f"/qualifications/{qualification}/holders", body)
        return given

    def grant_list(self, qualification: str, file: str | Path) -> Facts:
        """Give it to everybody in a CSV file with the columns worker, score and, if you like, expires."""
        body = {"csv": Path(file).read_text(encoding="utf-8")}
        report: Facts = self._api.post(f"/qualifications/{qualification}/holders/csv", body)
        return report

    def test(self, qualification: str) -> Facts:
        """The entry test that it has; not its tasks and right answers, which are shown to nobody."""
        found: Facts = self._api.get(f"/qualifications/{qualification}/test")
        return found

    def define_test(
        self, qualification: str, file: Facts | str, tasks: Sequence[Facts], **plan: Any
    ) -> Facts:
        """Give it an entry test, in place of the one before. `file`: the project file that says what the tasks show and ask;
        each task has its right answers in `_gold`; `plan`: draw, pass_mark, minutes, pay and so on."""
        body = {"file": file, "tasks": list(tasks), **plan}
        made: Facts = self._api.ask("PUT", f"/qualifications/{qualification}/test", body=body)
        return made

    def close_test(self, qualification: str) -> None:
        """Offer its entry test no more."""
        self._api.ask("DELETE", f"/qualifications/{qualification}/test")

    def revoke(self, qualification: str, holder: str) -> None:
        """Take it away: `holder` is the id of a line of `holders`."""
        self._api.ask("DELETE", f"/qualifications/{qualification}/holders/{holder}")


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

    def movements(self, *, currency: str | None = None) -> Iterator[Facts]:
        """What moved into and out of the organisation's prepaid money (of its own currency, if none is named)."""
        return self._api.pages("/movements", currency=currency)

    def invoices(self) -> Iterator[Facts]:
        """The organisation's invoices, the newest first."""
        return self._api.pages("/invoices")

    def members(self) -> Iterator[Facts]:
        """The organisation's members."""
        return self._api.pages("/members")
