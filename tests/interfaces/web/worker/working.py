"""What a worker does with the browser's forms."""

import json
import re
from typing import Any

from django.test import Client

from tagwerk.base.ids import public_id, row_number


def start(client: Client, project_public_id: str, **fields: str) -> Any:
    """Press “Start”; the reply."""
    return client.post(f"/work/{project_public_id}/next", fields)


def task_in(reply: Any) -> str:
    """The assignment to whose page a reply leads."""
    assert reply.status_code == 303, reply.content.decode()[:2000]
    found = re.match(r"/work/task/(asg_\w+)/", reply["Location"])
    assert found, reply["Location"]
    return found[1]


def answered(**answers: Any) -> dict[str, str]:
    """The fields of a form with these answers."""
    return {f"answer.{name}": json.dumps(value) for name, value in answers.items()}


def hand_in(client: Client, assignment: str, **answers: Any) -> Any:
    """Submit the form of a task."""
    return client.post(f"/work/task/{assignment}/", answered(**answers))


def number_of(assignment: str) -> int:
    return row_number("asg", assignment)


def public(assignment_id: int) -> str:
    return public_id("asg", assignment_id)
