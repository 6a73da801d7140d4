"""`tagwerk user` and `tagwerk doctor` as an operator types them."""

from tests.instance import instance, needs_proc
from tests.people import PASSWORD

pytestmark = needs_proc


def test_the_first_operator_and_what_doctor_says():
    with instance() as made:
        before = made.run("doctor")
        assert before.returncode == 1 and "tagwerk user create" in before.stdout
        created = made.run(
            "user", "create", "Op@Example.org", "--operator", "--organisation", "Acme", given=PASSWORD + "\n"
        )
        assert created.returncode == 0, created.stderr
        assert "op@example.org" in made.run("user", "list", "--search", "op").stdout
        well = made.run("doctor")
        assert well.returncode == 0 and "1 operator." in well.stdout and "MEND" not in well.stdout
        last = made.run("user", "operator", "op@example.org", "--no")
        assert last.returncode == 2 and "last operator" in last.stderr
        assert made.run("user", "operator", "nobody@example.org").returncode == 2
        assert not made.processes()


def test_doctor_makes_nothing():
    with instance(furnished=False) as made:
        said = made.run("doctor")
        assert said.returncode == 1 and "There is no database yet" in said.stdout
        assert list(made.data.iterdir()) == []
