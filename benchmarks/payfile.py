"""A file of 100,000 payments for the bank: time and memory, against the library sepaxml, and whether the official
schema takes it."""

import io
import time
import tracemalloc
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from benchmarks.figures import Figure, Scale, in_turns, median, note
from tagwerk.domain.payments.rules.sepa import Address, CreditTransfer, Party, PaymentFile, pain001

NAMES = ("payfile.seconds", "payfile.megabytes", "payfile.valid")
CENTS = 1234
PAYER = Party("Tagwerk GmbH", "DE89370400440532013000", "COBADEFFXXX", Address(town="Berlin", country="DE"))
PAYEE = Party("Jürgen Müller-Lüdenscheidt", "DE75512108001245126199")


def figures(names: Collection[str], scale: Scale) -> Iterator[Figure]:
    """Ours with all payments, the library with a tenth of them: it keeps the whole file in memory."""
    count = scale.of(100_000, 5_000)
    if "payfile.seconds" in names:
        note(f"writing {count} payments")
        took = in_turns(
            {"ours": partial(_timed, _ours, count), "sepaxml": partial(_timed, _sepaxml, count // 10)},
            rounds=3,
        )
        ours, theirs = median(took["ours"]), median(took["sepaxml"]) * 10
        yield Figure(
            "payfile.seconds",
            ours,
            f"s for {count} payments",
            f"sepaxml: {theirs:.1f} (from a tenth)",
            theirs / ours,
        )
    if "payfile.megabytes" in names:
        ours, theirs = _peak(_ours, count), _peak(_sepaxml, count // 10) * 10
        yield Figure(
            "payfile.megabytes",
            ours,
            "MB at the peak",
            f"sepaxml: {theirs:.0f} (from a tenth)",
            theirs / ours,
        )
    if "payfile.valid" in names:
        yield Figure(
            "payfile.valid", float(is_valid(_pieces(count))), "of 1", "the schema of pain.001.001.09", 1.0
        )


def _payments(count: int) -> Iterator[CreditTransfer]:
    return (CreditTransfer(f"{n:032x}", CENTS * 10_000, PAYEE, "Payout") for n in range(count))


def _pieces(count: int) -> Iterator[bytes]:
    file = PaymentFile(
        "TAGWERK-2026-11-23-7",
        datetime(2026, 11, 24, tzinfo=UTC),
        PAYER,
        date(2026, 11, 25),
        count,
        count * CENTS * 10_000,
    )
    return pain001(file, _payments(count))


def _ours(count: int) -> int:
    return sum(len(piece) for piece in _pieces(count))


def _sepaxml(count: int) -> int:
    from sepaxml import SepaTransfer

    config = {"name": PAYER.name, "IBAN": PAYER.iban, "BIC": PAYER.bic, "batch": True, "currency": "EUR"}
    file = SepaTransfer(config, schema="pain.001.001.09", clean=False)
    for n in range(count):
        file.add_payment({
            "name": PAYEE.name, "IBAN": PAYEE.iban, "amount": CENTS, "execution_date": date(2026, 11, 25),
            "description": "Payout", "endtoend_id": f"{n:032x}",
        })  # fmt: skip
    return len(file.export(validate=False))


def _timed(write: object, count: int) -> float:
    assert callable(write)
    begin = time.perf_counter()
    write(count)
    return time.perf_counter() - begin


def _peak(write: object, count: int) -> float:
    assert callable(write)
    tracemalloc.start()
    try:
        write(count)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def is_valid(pieces: Iterable[bytes]) -> bool:
    """Whether a file fits the official schema, which the peer library carries."""
    import sepaxml
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(Path(sepaxml.__file__).parent / "schemas/pain.001.001.09.xsd"))
    return bool(schema.validate(etree.parse(io.BytesIO(b"".join(pieces)))))
