from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tagwerk.interfaces.web"
    label = "web"
