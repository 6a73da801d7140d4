from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "tagwerk.domain.ledger"
    label = "ledger"
