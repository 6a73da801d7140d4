from django.apps import AppConfig


class AcademyConfig(AppConfig):
    name = "tagwerk.domain.academy"
    label = "academy"
