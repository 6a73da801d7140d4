"""Money is covered before work is given out: what may be opened, and what launching costs. Pure."""

from dataclasses import dataclass

GOLD_CHUNK = 4  # paid gold tasks that an enrolment is given at once
GOLD_LOW = 2  # below so many it is given more
GOLD_IDLE_SECONDS = 86_400  # who has been away for so long gets theirs when they are back
LOW_BP = 1_000  # a tenth of what was set aside is little
CENT_MICROS = 10_000
MOST_GOLD_MONEY_BP = 9_000
GUARANTEE_BP = 1_000  # on top of what answers can cost, where an hour is guaranteed


@dataclass(frozen=True, slots=True)
class Funds:
    """A project's money. `committed` is what all that was ever opened has cost and can still cost.

    What was paid beside answers is in `committed` too: `topped_micros` out of the part for the hour guarantee,
    `aside_micros` (bonuses, and what the guarantee cost beyond its part) out of money that is for nothing else.
    """

    reserved_micros: int  # there now
    paid_micros: int  # has left the reservation
    committed_micros: int
    gold_micros: int  # of the committed, for gold
    guaranteed: bool = False  # whether a part is kept for the hour guarantee
    topped_micros: int = 0
    aside_micros: int = 0

    @property
    def total_micros(self) -> int:
        """All that was ever set aside."""
        return self.reserved_micros + self.paid_micros

    @property
    def guarantee_micros(self) -> int:
        """The part of it that is for the hour guarantee."""
        base = max(0, self.total_micros - self.aside_micros)
        return base * GUARANTEE_BP // (10_000 + GUARANTEE_BP) if self.guaranteed else 0

    @property
    def guarantee_kept_micros(self) -> int:
        """What is still there of that part."""
        return max(0, self.guarantee_micros - self.topped_micros)

    @property
    def for_answers_micros(self) -> int:
        """The part of it that is for answers, those to gold among them."""
        return self.total_micros - self.aside_micros - self.guarantee_micros

    @property
    def free_micros(self) -> int:
        """What nothing that was opened, and no guaranteed hour, can still cost."""
        return self.total_micros - self.committed_micros - self.guarantee_kept_micros


def is_low(funds: Funds) -> bool:
    """Whether less than a tenth of what was ever set aside is left, everything paid."""
    return funds.reserved_micros * 10_000 < funds.total_micros * LOW_BP


def gold_part(total_micros: int, gold_share_bp: int) -> int:
    """The part of a reservation that is kept for gold."""
    return total_micros * gold_share_bp // 10_000


def money_for_gold(share_bp: int, *, gold_micros: int, ordinary_micros: int, tasks: int) -> int:
    """The share of the money for gold, where an answer to the dearest costs `gold_micros`, and one to each of so many
    ordinary tasks `ordinary_micros`: more than its share of the tasks where it is dearer than they are."""
    if not tasks or not share_bp:
        return share_bp
    gold, other = gold_micros * share_bp * tasks, ordinary_micros * (10_000 - share_bp)
    return min(MOST_GOLD_MONEY_BP, max(share_bp, -(-gold * 10_000 // (gold + other))))


def gold_on_top(funds: Funds, *, gold_share_bp: int) -> int:
    """What has to be set aside in addition, so that what is open and not paid yet can have its share of gold."""
    still = max(0, funds.committed_micros - funds.gold_micros - funds.paid_micros)
    wanted = -(-still * gold_share_bp // (10_000 - gold_share_bp))
    return max(0, wanted - max(0, funds.free_micros))


def gold_kept(funds: Funds, *, gold_share_bp: int) -> int:
    """What is still kept for gold and not promised to anybody."""
    return max(0, gold_part(funds.for_answers_micros, gold_share_bp) - funds.gold_micros)


def for_tasks(funds: Funds, *, gold_share_bp: int) -> int:
    """What more tasks may cost at most, with the part for gold left alone."""
    return max(0, funds.free_micros - gold_kept(funds, gold_share_bp=gold_share_bp))


def tasks_covered(funds: Funds, *, task_micros: int, gold_share_bp: int) -> int:
    """How many more tasks can be opened whose largest cost is the same."""
    return for_tasks(funds, gold_share_bp=gold_share_bp) // task_micros


def gold_covered(funds: Funds, *, answer_micros: int, gold_share_bp: int, all_open: bool) -> int:
    """How many more answers to gold can be paid: from gold's own part, and from all when no task waits."""
    room = funds.free_micros
    if not all_open:
        room = min(room, gold_part(funds.for_answers_micros, gold_share_bp) - funds.gold_micros)
    return max(0, room // answer_micros)


def largest_cost(*, tasks: int, answers: int, answer_micros: int, gold_share_bp: int) -> int:
    """What so many tasks cost when each gets so many answers, gold on top; rounded up to whole cents."""
    return cost_with_gold(tasks * answers * answer_micros, gold_share_bp=gold_share_bp)


def cost_with_gold(ordinary_micros: int, *, gold_share_bp: int) -> int:
    """What answers to ordinary tasks cost with gold on top; rounded up to whole cents."""
    return -(-ordinary_micros // (10_000 - gold_share_bp)) * CENT_MICROS


def with_guarantee(cost_micros: int, *, guaranteed: bool) -> int:
    """What has to be set aside so that the cost is covered and the part for the hour guarantee is there; in whole cents."""
    if not guaranteed:
        return cost_micros
    return -(-cost_micros * (10_000 + GUARANTEE_BP) // (10_000 * CENT_MICROS)) * CENT_MICROS


def spare_micros(funds: Funds, *, gold_share_bp: int, all_open: bool) -> int:
    """What no task, no gold and no guarantee needs: all of it is needed while tasks wait to be opened."""
    return max(0, funds.free_micros - gold_kept(funds, gold_share_bp=gold_share_bp)) if all_open else 0


def rank(*, priority: int, deadline_seconds: int | None) -> int | None:
    """The place of a task among the urgent ones, the lower the sooner; None: it waits its turn.

    Priority goes before deadline. `deadline_seconds` is the deadline as seconds since 1970.
    """
    if priority == 0 and deadline_seconds is None:
        return None
    return (FAR_SECONDS if deadline_seconds is None else deadline_seconds) - priority * 2 * FAR_SECONDS


FAR_SECONDS = 2**33  # the year 2242: later than any deadline
NEAR_SECONDS = 86_400  # a deadline within a day is near
SHORT_QUEUE = 64  # every claim looks at all of them
