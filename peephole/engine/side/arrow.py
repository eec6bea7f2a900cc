"""Rows on their way to a browser: an Arrow stream of types that every reader knows, no cell too long to show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

LONGEST = 2000  # letters of a cell
PICTURES = 16 * 2**20  # bytes of a page's column of pictures or other binary cells; beyond it each cell is cut
MOST_IN_LIST = 100


def stream(table: pa.Table) -> bytes:
    """The table as an Arrow IPC stream."""
    import pyarrow as pa

    shown = pa.table([_shown(column) for column in table.columns], names=table.column_names)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, shown.schema) as writer:
        writer.write_table(shown.combine_chunks())
    return bytes(sink.getvalue())


def _shown(column: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        column, kind = column.cast(kind.storage_type), kind.storage_type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        text = column.cast(pa.string())
        return pc.utf8_slice_codeunits(text, 0, LONGEST) if _longest(text) > LONGEST else text
    if pa.types.is_decimal(kind) or pa.types.is_float16(kind):
        return column.cast(pa.float64())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return column.cast(pa.binary()) if column.nbytes <= PICTURES else pc.binary_slice(column, 0, LONGEST)
    if pa.types.is_interval(kind) or pa.types.is_duration(kind) or pa.types.is_map(kind) or pa.types.is_union(kind):
        return pa.chunked_array([pa.array([_text(v) for v in column.to_pylist()], pa.string())])
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return pc.list_slice(column, 0, MOST_IN_LIST, return_fixed_size_list=False)
    return column


def _longest(text: Any) -> int:
    import pyarrow.compute as pc

    return pc.max(pc.binary_length(text)).as_py() or 0


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
