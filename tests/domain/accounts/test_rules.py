"""Who may do what; what a key, a language and an address look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwerk.base.errors import Invalid, NotAllowed, NotFound
from tagwerk.domain.accounts import rules
from tagwerk.domain.accounts.rules import MAY, SCOPES, Actor, Permission, Role

# The table as it is read aloud: o owner, m manager, r reviewer, f finance, v viewer.
TABLE = {
    Permission.PROJECT_VIEW: "omrfv",
    Permission.PROJECT_MANAGE: "om",
    Permission.RESULT_EXPORT: "om",
    Permission.ANSWER_REVIEW: "omr",
    Permission.MONEY_VIEW: "omf",
    Permission.MONEY_MANAGE: "of",
    Permission.MEMBER_MANAGE: "o",
    Permission.TEAM_MANAGE: "o",
    Permission.KEY_MANAGE: "om",
    Permission.WEBHOOK_MANAGE: "om",
    Permission.QUALIFICATION_MANAGE: "om",
}


def acting_as(role: Role | None, scopes: frozenset[str] | None = None) -> Actor:
    return Actor(person_id=1, name="Ada", roles={7: role} if role else {}, scopes=scopes)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_each_role_has_exactly_its_permissions(role, permission):
    allowed = role.value[0] in TABLE[permission]
    actor = acting_as(role)
    assert rules.may(actor, 7, permission) is allowed
    assert not rules.may(actor, 8, permission)
    if allowed:
        rules.require(actor, 7, permission)
    else:
        with pytest.raises(NotAllowed) as refusal:
            rules.require(actor, 7, permission)
        assert refusal.value.code == "role_missing"
    with pytest.raises(NotFound) as refusal:
        rules.require(actor, 8, permission)
    assert refusal.value.code == "organisation_not_found"


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("permission", Permission)
def test_a_key_may_what_its_scope_says(scope, permission):
    actor = acting_as(Role.OWNER, frozenset({scope}))
    assert rules.may(actor, 7, permission) is (permission in SCOPES[scope])
    if permission not in SCOPES[scope]:
        with pytest.raises(NotAllowed) as refusal:
            rules.require(actor, 7, permission)
        assert refusal.value.code == "scope_missing"


def test_a_scope_gives_no_more_than_the_role_has():
    assert not rules.may(acting_as(Role.VIEWER, frozenset({"projects:write"})), 7, Permission.PROJECT_MANAGE)


def test_no_scope_gives_what_only_people_may():
    reachable = frozenset[Permission]().union(*SCOPES.values())
    assert reachable.isdisjoint({Permission.MEMBER_MANAGE, Permission.KEY_MANAGE, Permission.MONEY_MANAGE})


def test_every_permission_is_somebodys():
    assert frozenset[Permission]().union(*MAY.values()) == frozenset(Permission)


def test_an_operator_is_no_member():
    operator = Actor(person_id=4, name="Dan", is_operator=True)
    rules.require_operator(operator)
    with pytest.raises(NotFound):
        rules.require(operator, 7, Permission.PROJECT_VIEW)


@pytest.mark.parametrize(
    "actor",
    [acting_as(Role.OWNER), Actor(person_id=4, name="Dan", is_operator=True, scopes=frozenset({"work"}))],
)
def test_only_operators_without_a_key_operate(actor):
    with pytest.raises(NotFound):
        rules.require_operator(actor)


def test_a_signed_in_person_needs_no_scope_but_a_key_does():
    rules.require_scope(acting_as(None), "work")
    rules.require_scope(acting_as(None, frozenset({"work"})), "work")
    with pytest.raises(NotAllowed) as refusal:
        rules.require_scope(acting_as(None, frozenset({"projects:read"})), "work")
    assert refusal.value.code == "scope_missing"


@given(st.binary(min_size=32, max_size=32))
def test_keys_have_one_shape_and_keep_all_their_chance(chance):
    text = rules.key_text(chance)
    assert rules.is_key_text(text) and len(text) == 56
    assert len(rules.digest(text)) == 32


@pytest.mark.parametrize(
    "text", ["", "twk_", "twk_" + "A" * 52, "key_" + "a" * 52, "twk_" + "a" * 53, "twk_" + "a" * 51 + "\n"]
)
def test_what_is_no_key_is_not_looked_up(text):
    assert not rules.is_key_text(text)


@pytest.mark.parametrize(
    ("text", "tag"),
    [("de", "de"), ("DE-at", "de-AT"), ("zh_hant_tw", "zh-Hant-TW"), ("es-419", "es-419"), (" gsw ", "gsw")],
)
def test_language_tags_get_their_usual_case(text, tag):
    assert rules.language_tag(text) == tag


@pytest.mark.parametrize("text", ["", "d", "deutsch", "de-", "de-A", "de AT", "de-AT-1996-x", "1234"])
def test_other_language_tags_are_refused(text):
    with pytest.raises(Invalid) as refusal:
        rules.language_tag(text, path="languages")
    assert (refusal.value.code, refusal.value.path) == ("language_unknown", "languages")


def test_levels_are_read_in_any_case_and_others_refused():
    assert [rules.language_level(text) for text in ("b2", "Native", " C1 ")] == ["B2", "native", "C1"]
    with pytest.raises(Invalid) as refusal:
        rules.language_level("D1")
    assert refusal.value.code == "level_unknown"


@pytest.mark.parametrize(
    ("spoken", "tag", "level", "enough"),
    [
        ({"de": "C1"}, "de", "C1", True),
        ({"de": "C1"}, "de", "C2", False),
        ({"de": "native"}, "de", "C2", True),
        ({"de-AT": "native"}, "de", "C1", True),
        ({"de": "native"}, "de-AT", "A1", False),
        ({"den": "native"}, "de", "A1", False),
        ({}, "de", "A1", False),
    ],
)
def test_who_speaks_well_enough(spoken, tag, level, enough):
    before = dict(spoken)
    assert rules.speaks(spoken, tag, level) is enough
    assert spoken == before


def test_too_many_languages_are_refused():
    with pytest.raises(Invalid) as refusal:
        rules.languages_spoken({f"{a}{b}": "A1" for a in "abcdef" for b in "abcdef"})
    assert refusal.value.code == "languages_too_many"


def test_addresses_are_lower_case_and_look_like_some():
    assert rules.email_address(" Ada@Example.ORG ") == "ada@example.org"
    for text in (
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@example",
        "a b@example.org",
        "a@b.c\n.org",
        "a" * 255 + "@example.org",
    ):
        with pytest.raises(Invalid) as refusal:
            rules.email_address(text)
        assert refusal.value.code == "email_unreadable"


def test_machines_get_addresses_that_never_get_mail():
    one = rules.address_of_machine("sim-1", rules.Kind.SIMULATION)
    assert one == rules.address_of_machine("sim-1", rules.Kind.SIMULATION)
    assert one != rules.address_of_machine("sim-1", rules.Kind.MODEL)
    assert one.endswith(".invalid") and rules.email_address(one) == one


@pytest.mark.parametrize(
    ("read", "good", "value", "code"),
    [
        (rules.country_code, " de", "DE", "country_unknown"),
        (rules.currency_code, "eur", "EUR", "currency_unknown"),
        (rules.time_zone_name, "Europe/Berlin", "Europe/Berlin", "time_zone_unknown"),
        (rules.role_named, "owner", Role.OWNER, "role_unknown"),
        (rules.mail_level, "none", rules.MailLevel.NONE, "mail_level_unknown"),
    ],
)
def test_names_of_lists_are_known_or_refused(read, good, value, code):
    assert read(good) == value
    with pytest.raises(Invalid) as refusal:
        read("XX/nowhere")
    assert refusal.value.code == code


def test_old_and_joint_territories_are_no_countries_or_currencies():
    assert len(rules.countries()) == 249  # as many as ISO 3166-1 has
    assert not {"EU", "UN", "ZZ", "XK"} & rules.countries()
    assert "DEM" not in rules.currencies()


def test_the_interface_is_offered_in_some_languages():
    assert rules.interface_language("de", ["en", "de"]) == "de"
    with pytest.raises(Invalid) as refusal:
        rules.interface_language("fr", ["en", "de"])
    assert refusal.value.code == "ui_language_unknown"


def test_names_stand_on_one_line():
    assert rules.plain_name("  Ada\u202e \n Lovelace\0 ", longest=80, path="name") == "Ada Lovelace"
    for text in ("", " \n ", "x" * 81):
        with pytest.raises(Invalid) as refusal:
            rules.plain_name(text, longest=80, path="name")
        assert refusal.value.code == "name_length"


def test_scopes_come_in_order_and_fit_their_owner():
    assert rules.check_scopes(["webhooks", "projects:read"], for_organisation=True) == [
        "projects:read",
        "webhooks",
    ]
    assert rules.check_scopes(["work"], for_organisation=False) == ["work"]
    for scopes, for_organisation in (
        (["work"], True),
        (["projects:read"], False),
        ([], True),
        (["all"], True),
    ):
        with pytest.raises(Invalid) as refusal:
            rules.check_scopes(scopes, for_organisation=for_organisation)
        assert refusal.value.code == "scope_unknown"
