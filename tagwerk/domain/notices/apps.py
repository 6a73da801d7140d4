from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "tagwerk.domain.notices"
    label = "notices"
