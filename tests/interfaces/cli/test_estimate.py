"""`tagwerk estimate`: from the file alone, without a database; what is wrong is said, with exit code 2."""

import json

import pytest

from tests.orders import FILE


@pytest.fixture
def files(tmp_path):
    (tmp_path / "project.yaml").write_text(FILE)
    rows = [{"text": f"text {n}"} for n in range(50)] + [{"text": "gold", "_gold": {"sentiment": "negative"}}]
    (tmp_path / "tasks.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return tmp_path


def test_a_file_and_its_tasks_are_estimated_without_an_instance(command, files):
    said = command("estimate", str(files / "project.yaml"), str(files / "tasks.jsonl"))
    assert said.code == 0
    assert "Tasks: 50, and 1 with known answers; 2 to 4 answers each." in said.out
    assert "Spending stops at 24.00 EUR and never raises itself." in said.out  # 50 x 4 x 0.12
    assert "accuracy_bp 8500 (default)" in said.out and "seconds 20 (file)" in said.out


def test_other_assumptions_give_other_figures_as_json(command, files):
    said = command(
        "estimate", str(files / "project.yaml"), "--count", "1000", "--set", "least=3", "--set", "most=3",
        "--set", "redo_bp=0", "--set", "fee_bp=4286", "--json",
    )  # fmt: skip
    found = json.loads(said.out)
    assert (found["likely"]["pay"], found["likely"]["fee"]) == ("300.00", "128.58")
    assert found["assumptions"]["fee_bp"] == {"value": 4286, "source": "given"}
    assert found["low"]["days"] < found["likely"]["days"] < found["high"]["days"]


def test_pay_by_the_hour_follows_from_the_time_and_stops_at_the_longest(command, files):
    plan = 'pay: {per: hour, amount: "18.00", currency: EUR, estimate_seconds: 600, most_minutes: 20}'
    text = FILE.replace('pay: {per: answer, amount: "0.10", currency: EUR, estimate_seconds: 20}', plan)
    (files / "project.yaml").write_text(text)
    told = json.loads(command("estimate", str(files / "project.yaml"), "--count", "10", "--json").out)
    assert told["cap"] == "288.00" and told["likely"]["hourly"] == "18.00"  # 10 x 4 x 6.00, with the fee


def test_an_unpaid_file_speaks_of_no_money(command, files):
    text = FILE.replace(
        'pay: {per: answer, amount: "0.10", currency: EUR, estimate_seconds: 20}', "pay: {per: none}"
    )
    (files / "project.yaml").write_text(text + "audience: {team: members}\n")
    said = command("estimate", str(files / "project.yaml"), "--count", "10")
    assert said.code == 0 and "EUR" not in said.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere.yaml",), "There is no file"),
        (("project.yaml",), "say how many there will be with --count N"),
        (("project.yaml", "--count", "5", "--set", "people=0"), "“people” lies between 1 and 1000000"),
        (("project.yaml", "--count", "5", "--set", "luck=1"), "“luck” is no assumption"),
        (("project.yaml", "--count", "5", "--set", "people"), "not NAME=VALUE"),
        (("wrong.yaml", "--count", "5"), "there is no kind “chioce”"),
    ],
)
def test_what_is_wrong_is_said_and_exits_with_2(command, files, monkeypatch, arguments, words):
    (files / "wrong.yaml").write_text(FILE.replace("kind: choice", "kind: chioce"))
    monkeypatch.chdir(files)
    said = command("estimate", *arguments)
    assert said.code == 2
    assert words in said.err
