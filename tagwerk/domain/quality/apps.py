from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "tagwerk.domain.quality"
    label = "quality"
