"""Who is picked on the page is who is meant, from the page to the training data, whatever the file names first."""

import html
import json
import re

import pytest

from tagwerk.base.ids import public_id
from tagwerk.domain.exports import actions as exports
from tagwerk.domain.exports import queries as exported
from tagwerk.domain.work import queries as work
from tagwerk.interfaces.web.pages.requester.words import answer_text
from tests.domain.designs.samples import design_with
from tests.interfaces.web.worker.working import hand_in, number_of, start, task_in
from tests.people import actor, person
from tests.workshop import judge, launched

pytestmark = pytest.mark.django_db

BOTH, MOST = {"ab", "ba"}, 40  # half of the assignments turn the shuffled sides; which of them, their ids say
FIXED = {"compare": {"old": "{{ old }}", "new": "{{ new }}", "shuffle": False}}
TURNED = {"compare": {"a": "{{ a }}", "b": "{{ b }}"}}
DESIGNS = {
    "as shown": ([TURNED], {"q": ["a", "b"]}),
    "the other way": ([TURNED], {"q": ["b", "a"]}),
    "fixed and shuffled": ([FIXED, TURNED], {"q": ["a", "b"], "r": ["old", "new"], "s": ["new", "old"]}),
    "shuffled and fixed": ([TURNED, FIXED], {"q": ["b", "a"], "r": ["new", "old"], "s": ["old", "new"]}),
}


def ordered(blocks, questions):
    """A project whose rows say on each side what it is."""
    rows = [{name: f"{name} {n}" for name in ("a", "b", "old", "new")} for n in range(MOST)]
    return launched(
        rows,
        show=[{"text": "Which one?"}, *blocks],
        ask={name: {"kind": "comparison", "of": of} for name, of in questions.items()},
        quality={"answers": {"min": 1, "max": 1, "confidence": 0.5}},
    )


def steps_of(page, question):
    """Label → value, as the element is told."""
    config = re.search(rf'data-question="{question}".*?<script type="application/json">(.*?)</script>', page)
    return {step["label"]: step["value"] for step in json.loads(config[1])["steps"]}


def sides_of(page):
    """The texts of all sides in the order in which they stand."""
    found = re.findall(r'class="side-name"[^>]*>([AB])</p>\s*<div class="prose[^>]*>\s*<p>([^<]*)</p>', page)
    return [(letter, text) for letter, text in found]


def picks(client, project, name, wanted):
    """Answer every task by picking what is wanted, where it stands; how many there were until both orders had come."""
    reply, orders, done = start(client, project.public_id), set(), 0
    while orders != BOTH:
        assignment = task_in(reply)
        page = html.unescape(client.get(f"/work/task/{assignment}/").content.decode())
        orders.add(work.held_for(person(name).id, number_of(assignment)).order)
        letters = {text.split()[0]: letter for letter, text in sides_of(page)}
        answers = {
            question: steps_of(page, question)[f"{letters[side]} is better"]
            for question, side in wanted.items()
        }
        reply, done = hand_in(client, assignment, **answers), done + 1
    return done


@pytest.mark.parametrize("design", DESIGNS)
def test_who_is_picked_is_chosen(design, as_person, settings):
    settings.UNDO_SECONDS = 0
    blocks, questions = DESIGNS[design]
    project = ordered(blocks, questions)
    wanted = {"q": "a"} | {name: "new" for name in questions if name != "q"}
    done = picks(as_person("ben"), project, "ben", wanted)
    judge(project.id)
    for question, side in wanted.items():
        lines = lines_of(project, "trl_preference", question=question)
        assert {line["chosen"].split()[0] for line in lines} == {side}
        assert len(lines) == done
        lines = lines_of(project, "kto", question=question, from_pairs=True)
        assert {line["completion"].split()[0] for line in lines if line["label"]} == {side}


@pytest.mark.parametrize("design", DESIGNS)
def test_the_requester_reads_the_letter_that_stands_on_the_page(design):
    blocks, questions = DESIGNS[design]
    view = design_with(
        show=blocks, ask={name: {"kind": "comparison", "of": of} for name, of in questions.items()}
    )
    letters = {"a": "A", "b": "B", "old": "A", "new": "B"}  # as the blocks have them
    for name, (first, second) in questions.items():
        question = view.by_name[name]
        assert answer_text(view, question, -1) == f"{letters[first]} is better"
        assert answer_text(view, question, 1) == f"{letters[second]} is better"


def lines_of(project, file_format, **options):
    export_id = exports.start_export(
        actor=actor("ada"), project_id=project.id, format=file_format, accept=True, options=options
    )
    exports.run_export(export_id=export_id)
    content = b"".join(exported.export_file_for(actor("ada"), public_id("exp", export_id)).chunks())
    return [json.loads(line) for line in content.splitlines()]
