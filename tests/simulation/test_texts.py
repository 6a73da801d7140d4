import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwerk.simulation.texts import almost, some_text, text_like

PATTERNS = [
    r"[A-Z]{2}\d{4}",
    r"(yes|no|maybe)( please)?",
    r"\w+@\w+\.de",
    r"[^0-9]*x",
    r"a+b?c{2,5}",
    r"[äöü]+",
    r"\d{1,2}\.\d{1,2}\.\d{4}",
    r".*",
    r"[\d\s]+",
    r"[^a]",
    r"[✓✗]",
]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("seed", range(5))
def test_a_text_matches_its_pattern(pattern, seed):
    assert re.fullmatch(pattern, text_like(pattern, Random(seed)), re.ASCII)


@given(
    words=st.integers(0, 60), more=st.integers(0, 30), chars=st.integers(0, 300), seed=st.integers(0, 99),
    language=st.sampled_from(["de-DE", "en", "fr"]),
)  # fmt: skip
def test_a_text_keeps_the_lower_limits(words, more, chars, seed, language):
    options = {"min_words": words or None, "max_words": words + more or None, "min_chars": chars}
    text = some_text(options, language, Random(seed))
    assert len(text) >= chars
    assert max(1, words) <= len(text.split()) <= max(words + more, 1) or words + more == 0


@given(least=st.integers(1, 50), more=st.integers(0, 100), seed=st.integers(0, 99))
def test_a_text_keeps_the_upper_limit(least, more, seed):
    text = some_text({"min_chars": least, "max_chars": least + more}, "en", Random(seed))
    assert least <= len(text) <= least + more
    assert text == text.strip()


@pytest.mark.parametrize(
    "options",
    [
        {"pattern": "[A-Z ]+", "min_chars": 30, "min_words": 4},
        {"pattern": ".+", "min_words": 8},
        {"pattern": "[a-z]+", "min_chars": 40, "max_chars": 45},
        {"pattern": r"\d+(\.\d+)?", "max_chars": 3},
        {"pattern": r"[^\d]*", "min_words": 3, "max_words": 5, "min_chars": 20},
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_a_text_like_a_pattern_keeps_the_other_limits_too(options, seed):
    text = some_text(options, "en", Random(seed))
    assert re.fullmatch(options["pattern"], text, re.ASCII)
    assert options.get("min_chars", 0) <= len(text) <= options.get("max_chars", 50_000)
    assert options.get("min_words", 0) <= len(text.split()) <= options.get("max_words", 50_000)
    assert text == text.strip()


@given(st.text(alphabet="abcdeäöü ", min_size=2, max_size=40), st.integers(0, 99))
def test_a_slip_keeps_the_number_of_words_nearly(text, seed):
    wrong = almost(text, {}, Random(seed))
    assert abs(len(wrong) - len(text)) <= 1
