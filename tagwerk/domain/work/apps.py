from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "tagwerk.domain.work"
    label = "work"
