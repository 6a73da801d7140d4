"""How many words are wrong in what many transcripts become? Recorded ones of speech, merged as projects merge texts."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path

import pandas as pd

from benchmarks.figures import Figure, Scale, note
from tagwerk.domain.designs.rules.kinds import text

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("CROWD_DATA", ROOT.parent / "shared" / "data" / "crowd")) / "crowdspeech_tc"
NUMBERS = (3, 5, 7)  # of transcripts
NAMES = tuple(f"texts.word_errors.{number}" for number in NUMBERS)
OPTIONS = text.Options(kind="text")


def figures(names: Collection[str], scale: Scale) -> Iterator[Figure]:
    """The share of wrong words of what is merged, against that of the transcript nearest to all others."""
    if not DATA.is_dir():
        note(f"texts is skipped: {DATA} is not there (CROWD_DATA says where the sets are)")
        return
    labels, truth = (pd.read_csv(DATA / f"{name}.csv", keep_default_na=False) for name in ("labels", "truth"))
    right = truth.set_index("task")["text"].head(scale.of(len(truth), 100))
    said = labels[labels["task"].isin(right.index) & (labels["text"].str.strip() != "")].sample(
        frac=1, random_state=0
    )
    for number in NUMBERS:
        if f"texts.word_errors.{number}" not in names:
            continue
        drawn = said.groupby("task").head(number).groupby("task")["text"].agg(list)
        merged = _wrong({task: text.merge(OPTIONS, some).value for task, some in drawn.items()}, right)
        nearest = _wrong({task: text.medoid(OPTIONS, some) for task, some in drawn.items()}, right)
        alone = _wrong({task: some[0] for task, some in drawn.items()}, right)
        against = f"the one nearest to all others: {nearest:.4f} (one alone: {alone:.4f})"
        yield Figure(f"texts.word_errors.{number}", merged, "of all words", against, merged / nearest)


def _wrong(found: dict[object, str], right: pd.Series) -> float:
    """Edits to the true words, over all tasks, as a share of them."""
    pairs = [(_words(found.get(task, "")), _words(truth)) for task, truth in right.items()]
    return sum(text.edits(one, other) for one, other in pairs) / sum(len(other) for _, other in pairs)


def _words(said: str) -> list[str]:
    """Without points and capitals, which the truth lacks."""
    return "".join(sign for sign in said.lower().replace("’", "'") if sign.isalnum() or sign in " '").split()
