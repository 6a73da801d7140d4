"""Project files that several tests use."""

import json
from typing import Any

from tagwerk.domain.designs.rules.design import DesignView, design_id, design_view, digest_of, spec_of
from tagwerk.domain.designs.rules.project_file import ProjectFile
from tagwerk.domain.designs.rules.yaml_text import read_project_file

WHOLE = """\
title: Welche Antwort ist besser?
language: de-DE
instructions: |
  Lesen Sie **beide** Antworten.
show:
  - chat: "{{ messages }}"
  - compare: {a: "{{ answer_a }}", b: "{{ answer_b }}", shuffle: true}
ask:
  better:  {kind: comparison, of: [a, b], scale: 5, label: Welche Antwort ist besser?}
  unsafe:  {kind: choice, options: [a, b, none], many: true, required: false}
  why:     {kind: text, min_words: 3, when: "better != 0"}
decides:   [better]
quality:   {answers: {min: 2, max: 5, confidence: 0.95}, gold_share: 0.05, review: {share: 0.1, by: members}}
pay:       {per: answer, amount: "0.30", currency: EUR, estimate_seconds: 60}
budget:    "500.00"
audience:  {languages: {de: C1}, countries: [DE, AT, NO], qualifications: {rlhf-basics: 80}}
hold:      {tasks: 1, minutes: 20}
approve_after: 3 days
sensitivity: 0
api_work: false
from:      {project: other-project, when: "better != 0"}
"""
ROW = {"messages": [{"role": "user", "content": "Hallo"}], "answer_a": "eins", "answer_b": "zwei"}


def file_with(**changes: Any) -> ProjectFile:
    """A small project file, with other parts."""
    parts = {
        "title": "Mood",
        "language": "en",
        "show": [{"text": "{{ text }}"}],
        "ask": {"mood": {"kind": "choice", "options": ["good", "bad"]}},
    }
    return read_project_file(json.dumps(parts | changes))


def design_with(**changes: Any) -> DesignView:
    """The design of a small project file, with other parts."""
    spec = spec_of(file_with(**changes).design)
    digest = digest_of(spec)
    return design_view(id=design_id(1, digest), organisation_id=1, spec=spec, digest=digest)


def whole_design() -> DesignView:
    """The design of the long example."""
    spec = spec_of(read_project_file(WHOLE).design)
    return design_view(id=1, organisation_id=1, spec=spec, digest=digest_of(spec))
