"""What is asked of exports: records, exports asked for, their files."""

from tagwerk.domain.exports.queries.files import (
    ExportFile,
    ExportView,
    export_file_for,
    export_for,
    exports_of,
)
from tagwerk.domain.exports.queries.listing import Between, FoundTasks, Order, TaskFilter, find_tasks
from tagwerk.domain.exports.queries.records import (
    RecordsPage,
    own_answer_as_exported,
    records_for,
    records_numbered,
    records_of,
    records_page,
    shape_of,
)
from tagwerk.domain.exports.queries.tasks import projects_to_announce

__all__ = [
    "Between",
    "ExportFile",
    "ExportView",
    "FoundTasks",
    "Order",
    "RecordsPage",
    "TaskFilter",
    "export_file_for",
    "export_for",
    "exports_of",
    "find_tasks",
    "own_answer_as_exported",
    "projects_to_announce",
    "records_for",
    "records_numbered",
    "records_of",
    "records_page",
    "shape_of",
]
