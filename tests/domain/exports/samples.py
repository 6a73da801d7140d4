"""A small project that two people agree on."""

ROWS = [
    {"_id": "one", "text": "good", "source": {"page": 3}},
    {"text": "bad"},
    {"_id": "three", "text": "so so", "_gold": {"sentiment": "neutral"}},
]
QUICK = {"quality": {"answers": {"min": 2, "max": 2, "confidence": 0.8}}}


def honest(data):
    """What the data says."""
    return {"sentiment": {"good": "positive", "bad": "negative"}.get(data["text"], "neutral")}
