from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "tagwerk.domain.payments"
    label = "payments"
