"""Parquet with dotted column names: numbers, texts and lists of texts as such, anything else as JSON text."""

import json
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from tagwerk.domain.exports.rules.flat import Flat, Spool, Type, fit
from tagwerk.domain.exports.rules.records import RAW, Record
from tagwerk.domain.exports.rules.shape import Shape

SUFFIX = "parquet"
CONTENT_TYPE = "application/vnd.apache.parquet"
ROWS_PER_GROUP = 20_000
ARROW = {
    Type.NOTHING: pa.string(),
    Type.BOOL: pa.bool_(),
    Type.INT: pa.int64(),
    Type.FLOAT: pa.float64(),
    Type.TEXT: pa.string(),
    Type.TEXTS: pa.list_(pa.string()),
    Type.JSON: pa.string(),
}
RAW_ANSWER = pa.struct(
    {
        "worker": pa.string(),
        "answers": pa.string(),  # as JSON: questions differ in type
        "submitted_at": pa.string(),
        "active_seconds": pa.float64(),
        "counted": pa.bool_(),
        "revision": pa.int32(),
        "design": pa.string(),
        "instructions_version": pa.int32(),
        "order": pa.string(),
        "channel": pa.string(),
        "weights": pa.string(),  # as JSON
    }
)


def check(shape: Shape) -> None:
    """Every project can be written so."""


def write(records: Iterable[Record], out: BinaryIO, shape: Shape) -> int:
    """Write all records; how many there are."""
    rows = 0
    with Spool(records, shape.questions) as spool:
        schema = schema_of(spool.columns, raw=shape.options.raw_answers)
        with pq.ParquetWriter(out, schema, compression="zstd") as table:
            source = iter(spool)
            while group := list(islice(source, ROWS_PER_GROUP)):
                table.write_batch(_batch(group, spool.columns, schema))
                rows += len(group)
    return rows


def schema_of(columns: Mapping[str, Type], *, raw: bool) -> pa.Schema:
    """The Arrow schema of the table."""
    fields = {name: ARROW[kind] for name, kind in columns.items()}
    return pa.schema(fields | ({RAW: pa.list_(RAW_ANSWER)} if raw else {}))


def _batch(group: list[Flat], columns: Mapping[str, Type], schema: pa.Schema) -> pa.RecordBatch:
    arrays = [
        pa.array([fit(row.get(name), kind) for row in group], ARROW[kind]) for name, kind in columns.items()
    ]
    if len(schema) > len(arrays):
        raw = [[_raw(answer) for answer in row.get(RAW) or []] for row in group]
        arrays.append(pa.array(raw, schema.field(RAW).type))
    return pa.record_batch(arrays, schema=schema)


def _raw(answer: Mapping[str, Any]) -> dict[str, Any]:
    texts = {
        name: json.dumps(answer[name], ensure_ascii=False)
        for name in ("answers", "weights")
        if name in answer
    }
    return {**answer, **texts}
