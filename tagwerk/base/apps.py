from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "tagwerk.base"
    label = "base"
