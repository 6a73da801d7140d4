"""What is right about the operator's company."""

from enum import StrEnum

LARGEST_MINIMUM_MICROS = 10_000_000  # 10.00: more would keep people's wages back


class ContractModel(StrEnum):
    """Who owes whom. Principal: the operator buys work and sells results; agent: it passes money on, which is a
    payment service and needs a licence or a licensed partner in the EU (in Germany § 1 (1) no. 6 ZAG)."""

    PRINCIPAL = "principal"
    AGENT = "agent"
