"""What happens with results that leave the house: files are written, webhooks are told."""

from tagwerk.domain.exports.actions.delivery import (
    announce_answers,
    announce_budget_low,
    announce_finished,
    deliver_approved,
    deliver_results,
)
from tagwerk.domain.exports.actions.files import remove_expired_exports, run_export, start_export

__all__ = [
    "announce_answers",
    "announce_budget_low",
    "announce_finished",
    "deliver_approved",
    "deliver_results",
    "remove_expired_exports",
    "run_export",
    "start_export",
]
