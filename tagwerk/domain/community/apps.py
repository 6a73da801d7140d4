from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "tagwerk.domain.community"
    label = "community"
