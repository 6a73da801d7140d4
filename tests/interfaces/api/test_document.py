from tagwerk.domain.work.rules.estimating import RANGES
from tagwerk.interfaces.api.document import document
from tests.interfaces.api.calling import call


def test_the_document_is_served_to_everybody():
    served = call("GET", "/openapi.json")
    assert served.value == document()
    assert served.value["openapi"].startswith("3.1")
    assert served.headers["Cache-Control"].startswith("public")


def test_every_operation_is_described():
    operations = [one for methods in document()["paths"].values() for one in methods.values()]
    assert all(one["summary"] and one["description"] for one in operations)
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names))


SAME_BY_ITSELF = {"/api/v1/projects/{project}/answers/approve-all"}


def test_every_creation_can_be_repeated():
    for path, methods in document()["paths"].items():
        if "post" in methods and path not in SAME_BY_ITSELF:
            assert "Idempotency-Key" in [one["name"] for one in methods["post"]["parameters"]], path


def test_every_list_has_a_cursor_and_only_known_filters():
    known = {
        "limit",
        "cursor",
        "archived",
        "state",
        "ended",
        "decided",
        "own_id",
        "question",
        "currency",
        "answers",
        "name",
        "on_bad",
        "only_open",
        "replace",
        *RANGES,  # of an estimate
    }
    for path, methods in document()["paths"].items():
        for operation in methods.values():
            query = {one["name"] for one in operation["parameters"] if one["in"] == "query"}
            assert query <= known, path
            if operation["operationId"].startswith("list_") and query:
                assert {"limit", "cursor"} <= query, path


def test_no_two_shapes_have_one_name() -> None:
    """The document knows shapes by their names, so that of two with one name it would describe only one."""
    from pydantic import BaseModel

    named: dict[str, set[str]] = {}
    waiting = [BaseModel]
    while waiting:
        for shape in waiting.pop().__subclasses__():
            waiting.append(shape)
            if shape.__module__.startswith("tagwerk.interfaces.api."):
                named.setdefault(shape.__name__, set()).add(shape.__module__)
    assert {name: modules for name, modules in named.items() if len(modules) > 1} == {}
