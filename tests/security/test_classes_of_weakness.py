"""One test for each class of weakness by which tools of this kind were broken into.

The classes follow the published advisories of annotation tools: requests forged by the server, paths that lead out,
secrets that everybody knows, oracles by filters over relations, scripts in stored content, code in uploaded data,
objects of others, and defaults that stand open.
"""

import ast
import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings

from tagwerk.base.errors import Invalid, Refusal
from tagwerk.config.environment import read_environment
from tagwerk.domain.accounts import queries as accounts
from tagwerk.domain.designs.rules.markup import markdown_html
from tagwerk.domain.notices.provider import CallFailed
from tagwerk.domain.projects import actions as projects
from tagwerk.domain.projects import queries as project_queries
from tagwerk.providers.http import GuardedHttp
from tests.orders import project
from tests.people import actor, key_for, organisation, person

ROOT = Path(__file__).resolve().parents[2]


# Requests forged by the server (imports, webhooks, cloud endpoints; also by redirects and rebinding)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:5432/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
    ],
)
def test_the_server_calls_no_private_address(url):
    with pytest.raises(CallFailed):
        GuardedHttp(private_allowed=False).request("GET", url, seconds=2)


def test_a_public_name_that_points_inside_is_refused():
    guard = GuardedHttp(private_allowed=False, resolve=lambda host, port: ["127.0.0.1"])
    with pytest.raises(CallFailed):
        guard.request("GET", "https://rebound.example.org/", seconds=2)


# Paths that lead out


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/static/../config/settings.py",
        "/static/%2e%2e/config/settings.py",
        "/static/..%2f..%2fpyproject.toml",
        "/static//etc/passwd",
        "/m/forged/../../secrets.json",
    ],
)
def test_no_path_leads_out(path, static_files):
    reply = Client().get(path)
    assert reply.status_code in (301, 302, 404)
    assert b"SECRET" not in reply.content


@pytest.mark.django_db
def test_no_uploaded_name_leads_out():
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, format="PNG")
    made = project()
    out.seek(0)
    stored = projects.upload_media(
        actor=actor("ada"), project_id=made.id, name="../../../evil.png", content=out
    )
    assert stored.name == "evil.png"
    assert stored.stored_as.startswith(f"media/{made.id}/") and ".." not in stored.stored_as


# Secrets that everybody knows


def test_no_secret_stands_in_the_code():
    telling = re.compile(r"""(?i)(secret|password|api_?key|token)\w*\s*=\s*["'][^"'\s{}<>%.]{8,}["']""")
    found = [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in (ROOT / "tagwerk").rglob("*.py")
        for hit in [telling.search(path.read_text())]
        if hit
    ]
    assert found == []


@pytest.mark.django_db
def test_a_session_signed_with_another_secret_is_nobody(client):
    person("ada")
    with override_settings(SECRET_KEY="x" * 60):
        client.force_login(person("ada"))
    assert client.get("/work/").status_code == 302


# Oracles by filters over relations


@pytest.mark.django_db
@pytest.mark.parametrize(
    "field",
    ["password__startswith", "apikey__digest", "email__regex", "membership__organisation__name", "pk__in"],
)
def test_filters_know_listed_fields_only(field):
    person("dan")
    with pytest.raises(Invalid):
        accounts.people_page(actor("dan"), filters={field: "a"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["created_by__password__startswith=s", "order_by=password", "fields=secret"]
)
def test_the_query_string_reaches_no_relation(query):
    organisation()
    key = key_for("ada", organisation())
    reply = Client().get(f"/api/v1/projects?{query}", headers={"Authorization": f"Bearer {key}"})
    assert reply.status_code in (400, 422)


# Scripts in stored content


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](javascript:alert(1))",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<svg><animate onbegin=alert(1) attributeName=x></svg>",
        '<a href="jav&#x09;ascript:alert(1)">x</a>',
        "```<script>\nalert(1)\n```",
        "<style>@import 'http://evil.example'</style>",
    ],
)
def test_no_script_survives_in_what_others_wrote(text):
    html = str(markdown_html(text))
    assert not re.search(r"<(script|iframe|svg|style|object|embed|form|base|meta|link)\b", html, re.I)
    assert not re.search(r"<[^>]+\son\w+\s*=", html, re.I)
    assert not re.search(r"(href|src)\s*=\s*[\"']?\s*(javascript|data|vbscript):", html, re.I)


@pytest.mark.django_db
def test_pages_forbid_inline_script_even_if_one_got_in(client, static_files):
    policy = client.get("/accounts/login/")["Content-Security-Policy"]
    script = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
    assert "unsafe-inline" not in script and "unsafe-eval" not in script
    assert (
        "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
    )


# Code in uploaded data


def test_nothing_uploaded_can_run():
    dangerous = {"pickle", "marshal", "shelve", "dill", "joblib"}
    using = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "tagwerk").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Import) and {alias.name for alias in node.names} & dangerous)
        or (isinstance(node, ast.ImportFrom) and node.module in dangerous)
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("eval", "exec")
        )
    ]
    assert using == []


# Objects of others


@pytest.mark.django_db
def test_a_strangers_object_does_not_exist_on_a_page_or_by_api(client, static_files):
    made = project()
    other = organisation("other", "eve")
    client.force_login(person("eve"))
    assert client.get(f"/projects/{made.public_id}/").status_code == 404
    key = key_for("eve", other)
    reply = Client().get(f"/api/v1/projects/{made.public_id}", headers={"Authorization": f"Bearer {key}"})
    assert reply.status_code == 404
    with pytest.raises(Refusal):
        project_queries.media_behind("prj_" + "a" * 26)


# Defaults that stand open


def test_the_defaults_are_closed():
    values = read_environment({})
    assert values["TAGWERK_HOST"] == "127.0.0.1"
    assert values["TAGWERK_ALLOW_PRIVATE_ADDRESSES"] is False
    assert settings.DEBUG is False
    assert settings.SESSION_COOKIE_HTTPONLY and settings.X_FRAME_OPTIONS == "DENY"
    assert "*" not in settings.ALLOWED_HOSTS


@pytest.mark.django_db
def test_an_organisation_orders_nothing_before_an_operator_approved_it():
    from tagwerk.domain.work import actions as work
    from tests.orders import project_file

    waiting = organisation("newcomers", "eve", approved=False)
    made = projects.create_project(actor=actor("eve"), organisation_id=waiting, file=project_file())
    with pytest.raises(Refusal, match="approve"):
        work.launch(actor=actor("eve"), project_id=made.id)
