import pytest

from tagwerk.domain.notices.rules import catalogue
from tagwerk.domain.notices.rules.catalogue import KINDS, amount, check_link, check_params, is_mailed, render

WITH = {
    "amount": amount(12_345_670_000, "EUR"),
    "left": amount(500_000, "EUR"),
    "budget": amount(9_000_000, "EUR"),
    "score": 80,
    "minutes": 2,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_kind_can_be_written(kind: str, language: str) -> None:
    params = {place: WITH.get(place, f"<{place}>") for place in KINDS[kind].places}
    check_params(kind, params)
    title, body = render(kind, params, translate=lambda text: text, language=language)
    assert title and body and "{" not in title + body and "\n" not in title


@pytest.mark.parametrize(
    ("count", "said"), [(1, "after 1 minute,"), ("1", "after 1 minute,"), (2, "after 2 minutes,")]
)
def test_minutes_are_counted(count: int | str, said: str) -> None:
    given = {"project": "Sentiment", "minutes": count}
    assert said in render("timer_lost", given, translate=lambda text: text, language="en")[1]


def test_the_kinds_that_people_must_know_are_there() -> None:
    assert {
        "invitation", "answer_rejected", "enrolment_paused", "organisation_approved", "project_finished",
        "project_paused", "budget_low", "tasks_wait_for_money", "thread_message",
    } <= set(KINDS)  # fmt: skip


@pytest.mark.parametrize("params", [{}, {"project": "a"}, {"project": "a", "left": "b", "more": "c"}])
def test_a_missing_or_strange_parameter_is_our_mistake(params: dict[str, str]) -> None:
    with pytest.raises(AssertionError):
        check_params("budget_low", params)


def test_money_is_written_the_readers_way() -> None:
    def title(language: str) -> str:
        params = {"amount": WITH["amount"], "organisation": "Acme"}
        return render("deposit_booked", params, translate=lambda text: text, language=language)[0]

    assert title("en") == "€12,345.67 arrived for Acme"
    assert title("de").replace("\u00a0", " ") == "12.345,67 € arrived for Acme"


def test_texts_of_people_cannot_reach_into_the_template_or_the_header() -> None:
    params = {"project": "{reason} {0.__class__}\r\nBcc: x@example.org", "reason": "%s"}
    title, body = render("answer_rejected", params, translate=lambda text: text, language="en")
    assert "\n" not in title and "{0.__class__}" in title
    assert "%s" in body


def test_who_takes_how_much_mail() -> None:
    levels = ("all", "important", "none")
    assert [is_mailed("answer_rejected", level) for level in levels] == [True, True, False]
    assert [is_mailed("thread_message", level) for level in levels] == [True, False, False]


@pytest.mark.parametrize(
    "link", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "work/1"]
)
def test_a_notice_leads_nowhere_but_to_us(link: str) -> None:
    with pytest.raises(AssertionError):
        check_link(link)
    catalogue.check_link("/work/1")
    catalogue.check_link("")
