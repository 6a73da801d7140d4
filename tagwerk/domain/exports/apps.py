from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "tagwerk.domain.exports"
    label = "exports"
