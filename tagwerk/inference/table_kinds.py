"""The kinds of tables, one class each; a library is imported only when one of its tables has come in."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from tagwerk.inference.coding import order_of
from tagwerk.inference.part import Codes
from tagwerk.inference.tables import Floats, as_list, code_array, pairs, sorted_codes


class Columns:
    """A mapping of names to sequences; results are dicts."""

    def names(self, data: Mapping[str, Any]) -> Iterable[Any]:
        """The mapping's keys."""
        return data.keys()

    def column(self, data: Mapping[str, Any], name: str) -> Any:
        """The sequence as it is, other iterables as a list."""
        found = data[name]
        return found if hasattr(found, "__len__") else list(found)

    def join(self, columns: Sequence[Any]) -> Any:
        """An array where all are arrays of one type, else a list."""
        kinds = {column.dtype for column in columns if isinstance(column, np.ndarray)}
        if len(kinds) == 1 and all(isinstance(column, np.ndarray) for column in columns):
            return np.concatenate(columns)
        return [value for column in columns for value in as_list(column)]

    def code(self, column: Any) -> tuple[Codes, Any]:
        """By hashing."""
        return code_array(column)

    def floats(self, column: Any) -> Floats:
        """As NumPy converts them."""
        return _floats(column)

    def series(self, index: Any, values: Any, *, name: str, index_name: str) -> Any:
        """A dict."""
        return dict(zip(as_list(index), as_list(values), strict=True))

    def frame(self, index: Any, columns: Any, values: Floats, *, names: tuple[str, str], value: str) -> Any:
        """A dict of dicts."""
        heads = as_list(columns)
        rows = values.tolist()
        return {
            key: dict(zip(heads, row, strict=True)) for key, row in zip(as_list(index), rows, strict=True)
        }

    def cube(
        self, outer: Any, inner: Any, columns: Any, values: Floats, *, names: tuple[str, str, str], value: str
    ) -> Any:
        """A dict of dicts of dicts."""
        return {
            key: self.frame(inner, columns, layer, names=names[1:], value=value)
            for key, layer in zip(as_list(outer), values, strict=True)
        }

    def records(self, columns: dict[str, Any]) -> Any:
        """A dict of lists."""
        return {name: as_list(column) for name, column in columns.items()}


class Pandas:
    """pandas; results are indexed as crowd-kit's are."""

    def names(self, data: Any) -> Iterable[Any]:
        """The columns' names."""
        return list(data.columns)

    def column(self, data: Any, name: str) -> Any:
        """A Series."""
        return data[name]

    def join(self, columns: Sequence[Any]) -> Any:
        """One Series of all."""
        import pandas as pd

        return pd.concat(columns, ignore_index=True)

    def code(self, column: Any) -> tuple[Codes, Any]:
        """Whole numbers by our own hashing, the rest by that of pandas."""
        import pandas as pd

        if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iub":
            codes, values = code_array(column.to_numpy())
            return codes, pd.Index(values)
        found, distinct = pd.factorize(column)
        return sorted_codes(found.astype(np.int32), pd.Index(distinct), as_list(distinct))

    def floats(self, column: Any) -> Floats:
        """With NaN for a missing one."""
        return _floats(column.to_numpy(dtype=np.float64, na_value=np.nan))

    def series(self, index: Any, values: Any, *, name: str, index_name: str) -> Any:
        """A Series with its name, and its index's."""
        import pandas as pd

        return pd.Series(values, index=_index(index, index_name), name=name)

    def frame(self, index: Any, columns: Any, values: Floats, *, names: tuple[str, str], value: str) -> Any:
        """A DataFrame whose index and columns have names."""
        import pandas as pd

        return pd.DataFrame(values, index=_index(index, names[0]), columns=_index(columns, names[1]))

    def cube(
        self, outer: Any, inner: Any, columns: Any, values: Floats, *, names: tuple[str, str, str], value: str
    ) -> Any:
        """A DataFrame whose rows have two levels."""
        import pandas as pd

        index = pd.MultiIndex.from_product([outer, inner], names=names[:2])
        flat = values.reshape(len(outer) * len(inner), len(columns))
        return pd.DataFrame(flat, index=index, columns=_index(columns, names[2]))

    def records(self, columns: dict[str, Any]) -> Any:
        """A DataFrame indexed by the first column."""
        import pandas as pd

        return pd.DataFrame(columns).set_index(next(iter(columns)))


class _Long:
    """Tables without an index: results have one row for each combination."""

    def table(self, columns: dict[str, Any]) -> Any:
        """A table of the library."""
        raise NotImplementedError

    def series(self, index: Any, values: Any, *, name: str, index_name: str) -> Any:
        """Two columns."""
        return self.table({index_name: as_list(index), name: values})

    def frame(self, index: Any, columns: Any, values: Floats, *, names: tuple[str, str], value: str) -> Any:
        """Three columns, the index running slowest."""
        first, second = pairs(as_list(index), as_list(columns))
        return self.table({names[0]: first, names[1]: second, value: values.ravel()})

    def cube(
        self, outer: Any, inner: Any, columns: Any, values: Floats, *, names: tuple[str, str, str], value: str
    ) -> Any:
        """Four columns, the outermost running slowest."""
        second, third = pairs(as_list(inner), as_list(columns))
        first = [one for one in as_list(outer) for _ in second]
        both = {names[1]: second * len(outer), names[2]: third * len(outer)}
        return self.table({names[0]: first, **both, value: values.ravel()})

    def records(self, columns: dict[str, Any]) -> Any:
        """These columns."""
        return self.table(columns)


class Arrow(_Long):
    """pyarrow."""

    def names(self, data: Any) -> Iterable[Any]:
        """The columns' names."""
        return list(data.column_names)

    def column(self, data: Any, name: str) -> Any:
        """In one piece."""
        return data.column(name).combine_chunks()

    def join(self, columns: Sequence[Any]) -> Any:
        """One array of all."""
        import pyarrow as pa

        return pa.concat_arrays([_plain(column) for column in columns])

    def code(self, column: Any) -> tuple[Codes, Any]:
        """Whole numbers by our own hashing, the rest by Arrow's dictionaries."""
        import pyarrow as pa

        plain = _plain(column)
        if pa.types.is_integer(plain.type) and plain.null_count == 0:
            codes, values = code_array(plain.to_numpy())
            return codes, pa.array(values, plain.type)
        if pa.types.is_floating(plain.type) and plain.null_count == 0:
            codes, values = code_array(plain.to_numpy())
            return codes, pa.array(values)
        encoded = plain.dictionary_encode()
        codes = encoded.indices.fill_null(-1).to_numpy().astype(np.int32)
        return sorted_codes(codes, encoded.dictionary, encoded.dictionary.to_pylist())

    def floats(self, column: Any) -> Floats:
        """With NaN for a missing one."""
        return _floats(column.to_numpy(zero_copy_only=False))

    def table(self, columns: dict[str, Any]) -> Any:
        """A table."""
        import pyarrow as pa

        return pa.table(columns)


class Polars(_Long):
    """Polars."""

    def names(self, data: Any) -> Iterable[Any]:
        """The columns' names."""
        return list(data.columns)

    def column(self, data: Any, name: str) -> Any:
        """A Series."""
        return data.get_column(name)

    def join(self, columns: Sequence[Any]) -> Any:
        """One Series of all."""
        import polars as pl

        return pl.concat(columns)

    def code(self, column: Any) -> tuple[Codes, Any]:
        """Numbers by our own hashing, the rest by places of distinct values in the order of Polars."""
        import polars as pl

        if column.null_count() == 0 and column.dtype.is_numeric():
            codes, values = code_array(column.to_numpy())
            return codes, pl.Series(values)
        plain = column.cast(pl.String) if column.dtype in (pl.Categorical, pl.Enum) else column
        distinct = plain.drop_nulls().unique()
        listed = distinct.to_list()
        distinct = distinct.gather(order_of(listed))
        places = pl.DataFrame({"value": distinct, "code": np.arange(len(distinct), dtype=np.int32)})
        found = pl.DataFrame({"value": plain}).join(places, on="value", how="left", maintain_order="left")
        return found["code"].fill_null(-1).to_numpy().astype(np.int32), distinct

    def floats(self, column: Any) -> Floats:
        """With NaN for a missing one."""
        return _floats(column.to_numpy())

    def table(self, columns: dict[str, Any]) -> Any:
        """A table."""
        import polars as pl

        return pl.DataFrame(columns)


def _floats(column: Any) -> Floats:
    if not isinstance(column, np.ndarray):
        column = [np.nan if value is None else value for value in as_list(column)]
    try:
        return np.ascontiguousarray(column, np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError("a column of numbers holds something else: convert it before fitting") from error


def _index(values: Any, name: str) -> Any:
    import pandas as pd

    return pd.Index(values, name=name)


def _plain(column: Any) -> Any:
    """An array in one piece, with its values rather than an encoding of them."""
    import pyarrow as pa

    whole = column.combine_chunks() if hasattr(column, "combine_chunks") else column
    return whole.dictionary_decode() if pa.types.is_dictionary(whole.type) else whole
