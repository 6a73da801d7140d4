from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tagwerk.domain.accounts"
    label = "accounts"
