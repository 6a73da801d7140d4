"""Long lists are drawn as Django draws them, only sooner."""

import re

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy

from tagwerk.interfaces.web.renderer import Renderer

CHOICES = [
    ("", "—"),
    ('"<a>"', 'Tom & "Jerry" <b>'),
    (7, 1234567),
    (gettext_lazy("Work"), [("one", gettext_lazy("Work")), ("two", "2 < 3")]),
]


class Form(forms.Form):
    one = forms.ChoiceField(choices=CHOICES, initial=7, help_text="Which?")
    off = forms.ChoiceField(choices=CHOICES, disabled=True, required=False)
    many = forms.MultipleChoiceField(
        choices=CHOICES,
        initial=["one", "two"],
        widget=forms.SelectMultiple(attrs={"data-x": '<"&', "hidden": False, "autofocus": True, "size": 3}),
    )
    perhaps = forms.NullBooleanField()


class Odd(forms.Select):
    option_template_name = "django/forms/widgets/radio_option.html"


def drawn(renderer, name, form=Form):
    field = form(renderer=renderer)[name]
    return re.sub(r"\s*\n\s*", "", str(field))


def test_it_is_the_same_markup():
    for name in ("one", "off", "many", "perhaps"):
        assert drawn(Renderer(), name) == drawn(DjangoTemplates(), name)
        assert "&lt;" in drawn(Renderer(), name) or name == "perhaps"


def test_options_of_another_kind_are_left_to_django():
    class Strange(forms.Form):
        one = forms.ChoiceField(choices=CHOICES, widget=Odd)

    assert drawn(Renderer(), "one", Strange) == drawn(DjangoTemplates(), "one", Strange)
