from django.apps import AppConfig


class DesignsConfig(AppConfig):
    name = "tagwerk.domain.designs"
    label = "designs"
