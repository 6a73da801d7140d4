"""Control rules in a project file: what can be said, what is refused and how."""

import pytest

from tagwerk.domain.designs.rules.control import CATALOGUE, GUESSING, Rule
from tagwerk.domain.designs.rules.reference import project_file_reference
from tagwerk.domain.designs.rules.yaml_text import ProjectFileError, read_project_file
from tests.orders import FILE


def read(rules: str, text: str = FILE):
    return read_project_file(text.replace("quality: {", "quality: {rules: " + rules + ", "))


def refusal(rules: str, text: str = FILE) -> str:
    with pytest.raises(ProjectFileError) as refused:
        read(rules, text)
    return str(refused.value)


def test_without_rules_who_guesses_is_paused_and_an_empty_list_means_none():
    assert read_project_file(FILE).quality.rules == [GUESSING]
    assert read("[]").quality.rules == []


def test_every_collector_can_be_said():
    said = """[
      {collector: guessing, action: pause},
      {collector: gold, answers: 10, share_below: 0.7, last: 50, action: more_answers},
      {collector: agreement, answers: 20, share_from: 0.9, action: grant, qualification: good, score: 90},
      {collector: decisions, answers: 10, share_below: 0.8, action: signal},
      {collector: speed, times_faster: 4, action: signal},
      {collector: count, answers: 200, minutes: 60, action: signal},
      {collector: signals, signal: copying, action: pause, until: test, qualification: good},
      {collector: skips, in_a_row: 5, action: offer_other_work},
      {collector: day, answers: 100, action: limit_today},
      {collector: income, per_day: "4.05", action: limit_today}]"""
    file = read(said)
    assert {rule.collector for rule in file.quality.rules} == set(CATALOGUE)
    assert file.answers_a_day == 40  # of 0.10 each: never more than the limit
    assert len({rule.key for rule in file.quality.rules}) == len(CATALOGUE)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("{collector: skips, in_a_row: 3, action: pause}", "“pause” cannot follow from “skips”; it is one of offer_other_work"),
        ("{collector: speed, times_faster: 9, action: pause}", "“pause” cannot follow from “speed”"),
        ("{collector: gold, answers: 10, action: pause}", "“gold” needs one of: share_below, share_from"),
        ("{collector: gold, share_below: 0.5, action: pause}", "“answers” is missing for “gold”"),
        ("{collector: skips, in_a_row: 3, answers: 3, action: offer_other_work}", "“answers” says nothing about “skips”"),
        ("{collector: gold, answers: 30, last: 10, share_below: 0.5, action: pause}", "could never hold"),
        ("{collector: guessing, action: pause, until: test}", "“qualification” is missing"),
        ("{collector: guessing, action: pause, qualification: x}", "“qualification” says nothing here"),
        ("{collector: guessing, action: reject}", "“reject” is not possible; it is one of pause"),
        ("{collector: luck, action: pause}", "“luck” is not possible"),
        ("{collector: guessing, question: sentimnet, action: pause}", "there is no question “sentimnet”"),
        ("{collector: income, per_day: 0.01, action: limit_today}", "one answer pays more (0.10)"),
        ("{collector: guessing, action: pause, shere: 1}", "“shere” is not known here"),
        ("{collector: skips, in_a_row: 5, action: review}", "cannot follow from"),
        ("{collector: count, answers: 5, action: signal, next: 5}", "belongs to a review"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_in_words_and_with_its_place(rule, words):
    said = refusal(f"[{rule}]")
    assert words in said and "quality.rules" in said


def test_the_same_rule_twice_and_income_without_pay_are_refused():
    assert "twice" in refusal("[{collector: guessing, action: pause}, {collector: guessing, action: pause}]")
    unpaid = FILE.replace(
        'pay: {per: answer, amount: "0.10", currency: EUR, estimate_seconds: 20}', "pay: {per: none}"
    )
    assert "pays nothing" in refusal('[{collector: income, per_day: "5", action: limit_today}]', unpaid)


def test_no_rule_can_refuse_an_answer_or_punish_a_skip():
    every = {action for one in CATALOGUE.values() for action in one.actions}
    assert every == {
        "pause", "signal", "review", "more_answers", "grant", "revoke", "offer_other_work", "limit_today",
    }  # fmt: skip
    assert CATALOGUE["skips"].actions == ("offer_other_work",)
    assert CATALOGUE["speed"].actions == ("signal", "review")  # a person looks, and no more


def test_the_reference_names_every_collector_and_its_example_is_valid():
    text = project_file_reference()
    assert all(f"| `{name}` |" in text for name in CATALOGUE)
    example = text.split("```yaml\nquality:\n  rules:\n")[1].split("```")[0]
    rules = "[" + ",".join(line.strip().removeprefix("- ") for line in example.strip().splitlines()) + "]"
    assert len(read(rules).quality.rules) == 6


def test_a_rule_keeps_its_key_when_it_is_stored_and_read_again():
    rule = Rule(collector="gold", answers=10, share_below=0.7, action="pause")
    assert Rule.model_validate(rule.model_dump(mode="json", exclude_none=True)).key == rule.key
