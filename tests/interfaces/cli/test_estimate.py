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
    assert "Spending on answers stops at 24.00 EUR; bonuses, and" in said.out  # 50 x 4 x 0.12
    assert "accuracy_bp 8500 (default)" in said.out and "seconds 20 (file)" in said.out


def test_what_a_right_result_costs_and_other_ways_stand_side_by_side(command, files):
    known = (str(files / "project.yaml"), str(files / "tasks.jsonl"))
    said = command("estimate", *known).out
    assert "for each right result, EUR" in said and "The same tasks in other ways:" in said
    assert "one answer for each" in said and "a model, and people where it is not sure" in said
    found = json.loads(command("estimate", *known, "--json").out)
    likely, ways = found["likely"], {one["way"]: one for one in found["variants"]}
    assert float(likely["per_right"]) == pytest.approx(
        float(likely["cost"]) / (50 * likely["right"]), abs=1e-6
    )
    assert ways["plan"]["per_right"] == likely["per_right"]
    assert float(ways["one"]["cost"]) < float(ways["five"]["cost"])
    assert ways["expert"]["rests_on"] == ["expert_reward_micros", "expert_accuracy_bp"]


def cap(command, *arguments: str) -> str:
    return json.loads(command("estimate", *arguments, "--json").out)["cap"]


def test_the_cap_has_the_part_for_guaranteed_hours(command, files):
    project, tasks = files / "project.yaml", str(files / "tasks.jsonl")
    project.write_text(FILE.replace("estimate_seconds: 20", "estimate_seconds: 20, hour_guarantee: true"))
    for known in ((tasks,), ("--count", "50")):
        assert cap(command, str(project), *known) == "26.40"  # a tenth more than 24.00
    assert cap(command, str(project), tasks, "--set", "most=2") == "13.20"
    assert cap(command, str(project), tasks, "--set", "fee_bp=1000") == "24.20"


def test_the_cap_reckons_with_gold_that_is_dearer_than_other_tasks(command, files):
    project, tasks = files / "project.yaml", files / "tasks.jsonl"
    text = FILE.replace('per: answer, amount: "0.10"', 'per: word, amount: "0.01", units_from: text')
    project.write_text(text.replace("confidence: 0.9}", "confidence: 0.9}, gold_share: 0.1"))
    ordinary = [{"text": f"{n} " * 10} for n in range(10)]
    gold = {"text": "word " * 100, "_gold": {"sentiment": "negative"}}
    tasks.write_text("\n".join(map(json.dumps, [*ordinary, gold])))
    # 10 x 4 x 0.12, and on top 68 % of all for gold at 1.20, which is 17.5 % of the answers
    assert cap(command, str(project), str(tasks)) == "14.99"


def test_the_cap_is_for_who_is_paid_most(command, files):
    project, tasks = files / "project.yaml", str(files / "tasks.jsonl")
    level = "multipliers: {level: {qualification: ears, factors: {60: 1.2}}}"
    more = f'"0.10", volume: {{after: 9, factor: 1.5}}, {level},'
    project.write_text(FILE.replace('"0.10",', more))
    for known in ((tasks,), ("--count", "50")):
        assert cap(command, str(project), *known) == "43.20"  # 50 x 4 x 0.10 x 1.2 x 1.5, and the fee
    found = json.loads(command("estimate", str(project), tasks, "--json").out)["assumptions"]
    assert (found["worker_bp"]["value"], found["worker_spread_bp"]["value"]) == (14_000, 4_000)
    raised = FILE.replace("estimate_seconds: 20", "estimate_seconds: 60, location: floor_by_country")
    project.write_text(raised + "audience: {countries: [DE]}\n")
    # 13.90 or 14.60 for an hour: 0.2317 or 0.2434 for a minute, in whole hundredths of a per cent of the price
    assert cap(command, str(project), tasks) in ("55.61", "58.41")
    assert "Minimum wages are those of today" in command("estimate", str(project), tasks).out


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
