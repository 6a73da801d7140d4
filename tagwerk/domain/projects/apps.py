from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "tagwerk.domain.projects"
    label = "projects"
