"""Several labels at once: for each of them, any method decides whether it belongs to a task."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from tagwerk.inference.coding import order_of
from tagwerk.inference.crowd import Crowd, sort_labels
from tagwerk.inference.dawid_skene import DawidSkene
from tagwerk.inference.method import TIE, Method, Outcome
from tagwerk.inference.naming import crowdkit_names
from tagwerk.inference.part import Codes, Part
from tagwerk.inference.tables import Coded, Kind, Values, as_list, kind_of, known_labels, read

Floats = NDArray[np.float64]


class PerLabel:
    """Each label is a question of its own: does it belong to this task? A method for classes answers it.

    P(label l belongs to task t) by `base`, from who named l for t and who did not. The column `label` holds the
    collection of labels that a worker gave, which may be empty. "Binary relevance": Tsoumakas and Katakis 2007.

    `labels_`: for each task the sorted list of labels more likely than not. `probas_`: for each task and label how
    likely it belongs. `skills_`: each worker's skill, the mean over labels. `methods_`: label → fitted outcome. Labels
    exactly as likely as not are left out, and their tasks told in `ties_`.

    >>> labels = {"task": [1, 1, 1], "worker": [*"abc"], "label": [["x"], ["x", "y"], ["x", "z"]]}
    >>> PerLabel().fit_predict(labels)
    {1: ['x']}
    """

    def __init__(self, base: Method | None = None) -> None:
        self.base = DawidSkene(shrinkage=5.0) if base is None else base

    @crowdkit_names
    def fit(self, labels: Any, gold: Any = None) -> Self:
        """Learn from a table with columns task, worker and label, and from gold: a mapping from task to collection."""
        table = read(labels, ("task", "worker"))
        said = _collections(as_list(kind_of(labels).column(labels, "label")), "label")
        known = known_labels(gold)
        _collections(list(known.values()), "gold")
        task, worker = table["task"], table["worker"]
        place = {value: at for at, value in enumerate(task.values)}
        asked = {place[value]: set(names) for value, names in known.items() if value in place}
        every = list({name for names in (*said, *asked.values()) for name in names})
        self._names = [every[at] for at in order_of(every)]
        self._kind, self._task, self._worker = table.kind, task, worker
        self.methods_: dict[Any, Outcome] = {}
        for name in self._names:
            binary = np.fromiter((name in names for names in said), np.uint8, len(said))
            crowd = _crowd(task, worker, binary, _known(asked, name, len(task)), table.kind)
            self.methods_[name] = replace(self.base).infer(crowd)  # type: ignore[type-var]
        return self

    def fit_predict(self, *labels: Any, **more: Any) -> Any:
        """`fit`, which takes the same arguments, then `labels_`."""
        return self.fit(*labels, **more).labels_

    def fit_predict_proba(self, *labels: Any, **more: Any) -> Any:
        """`fit`, which takes the same arguments, then `probas_`."""
        return self.fit(*labels, **more).probas_

    @property
    def labels_(self) -> Any:
        """Each task's labels."""
        names = self._names
        chosen = [[names[at] for at in np.flatnonzero(row)] for row in self._probabilities > 0.5 + TIE]
        return self._kind.series(self._task.native, chosen, name="agg_label", index_name="task")

    @property
    def ties_(self) -> list[Any]:
        """The tasks of which a label is exactly as likely as not."""
        even = (np.abs(self._probabilities - 0.5) <= TIE).any(axis=1)
        tasks = self._task.values
        return [tasks[at] for at in np.flatnonzero(even)]

    @property
    def probas_(self) -> Any:
        """How likely each label belongs to each task."""
        return self._kind.frame(
            self._task.native,
            self._names,
            self._probabilities,
            names=("task", "label"),
            value="probability",
        )

    @property
    def skills_(self) -> Any:
        """Each worker's skill, the mean over labels."""
        found = [one.skills for one in self.methods_.values() if one.skills is not None]
        if not found:
            raise AttributeError(f"{type(self.base).__name__} has no skills_ here")
        return self._kind.series(
            self._worker.native, np.mean(found, axis=0), name="skill", index_name="worker"
        )

    @property
    def _probabilities(self) -> Floats:
        found = [one.posterior[:, 1] for one in self.methods_.values()]
        return np.stack(found, axis=1) if found else np.zeros((len(self._task), 0))


def _collections(values: list[Any], column: str) -> list[Collection[Any]]:
    wrong = [at for at, one in enumerate(values) if isinstance(one, str) or not hasattr(one, "__iter__")]
    if wrong:
        raise ValueError(
            f"{column} is a list of labels for each row, not {values[wrong[0]]!r}: put [ ] around it"
        )
    return values


def _known(asked: dict[int, set[Any]], name: Any, tasks: int) -> Codes:
    codes = np.full(tasks if asked else 0, -1, np.int32)
    for at, names in asked.items():
        codes[at] = name in names
    return codes


def _crowd(task: Coded, worker: Coded, label: NDArray[np.uint8], known: Codes, kind: Kind) -> Crowd:
    starts, who, what = sort_labels(task.codes, worker.codes, label, len(task))
    part = Part(starts, who, what, known, len(worker), 2)
    return Crowd(part, Values(task.native), Values(worker.native), [False, True], kind)
