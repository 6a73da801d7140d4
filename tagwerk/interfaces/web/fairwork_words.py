"""The ten thresholds of the Fairwork Cloudwork principles (version of June 2024) in words, and what this program does about
each by itself. What an operator does beyond that, only the operator can say."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

# threshold → (what it asks, what the program does)
THRESHOLDS: Mapping[str, tuple[str, str]] = {
    "1.1": (
        gettext_noop("Workers are paid on time, for all work they have completed"),
        gettext_noop("Money is set aside before a task is offered. What nobody has decided about in time is approved and paid; a rejection needs a reason of a closed list and can be objected to. Payouts are made every week."),
    ),
    "1.2": (
        gettext_noop("Workers earn at least the local minimum wage after costs"),
        gettext_noop("Every offer says what an hour of it has really brought. The figures by country are on this page."),
    ),
    "2.1": (
        gettext_noop("Precarity and overwork are mitigated"),
        gettext_noop("Tasks are handed out one after the other, so nobody has to keep looking for them; an offer says how much is left. Tests that take longer than ten minutes are paid, and a project can guarantee the minimum wage for each week. Breaks and a daily goal can be set."),
    ),
    "2.2": (
        gettext_noop("Risks to health and safety are mitigated"),
        gettext_noop("Disturbing content is announced and needs consent; everybody can stop at any such task with full pay, and a project can say how many such tasks one person does on a day."),
    ),
    "3.1": (
        gettext_noop("Terms and conditions are clear and accessible"),
        gettext_noop("The terms have versions; a change is shown and agreed to anew, and every consent is kept."),
    ),
    "3.2": (
        gettext_noop("Contracts are consistent with the terms of engagement"),
        gettext_noop("Nobody has to take a task, and giving one back costs nothing: no figure counts it against a worker."),
    ),
    "4.1": (
        gettext_noop("There is due process for decisions that affect workers"),
        gettext_noop("Rejections and pauses name their reason. Workers can object; somebody else decides within seven days, and what is not decided in time is paid."),
    ),
    "4.2": (
        gettext_noop("There is equity in the management process"),
        gettext_noop("Who orders work knows workers by a pseudonym only. Why a project is open to somebody or not is said to them."),
    ),
    "5.1": (
        gettext_noop("Workers have freedom of association, and a voice"),
        gettext_noop("Nothing in this program keeps workers from talking to each other or hinders it; there is no channel of its own for it yet. About each task a worker can write to the organisation."),
    ),
    "5.2": (
        gettext_noop("There is collective governance, or bargaining"),
        gettext_noop("The program does nothing about this; it is the operator’s to decide."),
    ),
}  # fmt: skip
