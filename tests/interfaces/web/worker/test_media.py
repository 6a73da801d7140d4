"""What a task's page loads, and where from."""

import io
import re

import pytest
from PIL import Image

from tagwerk.domain.projects import actions as projects
from tagwerk.domain.work import actions as work
from tests.interfaces.web.worker.working import start, task_in
from tests.orders import deposit
from tests.orders import project as draft
from tests.people import actor
from tests.workshop import launched

pytestmark = pytest.mark.django_db

ASK = {"ok": {"kind": "choice", "options": ["yes", "no"]}}


@pytest.fixture
def page_of(ben):
    """The page of the first task of a project that shows this."""

    def opened(show, row, **changes):
        made = launched([row], show=show, ask=ASK, **changes)
        return ben.get(start(ben, made.public_id)["Location"])

    return opened


def allowed(reply, directive: str = "img-src") -> list[str]:
    policy = reply.headers["Content-Security-Policy"]
    return re.search(rf"{directive} ([^;]*)", policy)[1].split()


def test_a_picture_at_an_address_is_loaded_from_its_host_only(page_of, settings):
    reply = page_of([{"image": "{{ url }}"}], {"url": "https://pictures.example/cat.jpg?x=1"})
    page = reply.content.decode()
    assert '<img src="https://pictures.example/cat.jpg?x=1"' in page
    assert "https://pictures.example" in allowed(reply)
    assert "Loaded from pictures.example" in page
    assert "'self'" in allowed(reply)


def test_other_pages_keep_their_policy(page_of, ben):
    page_of([{"image": "{{ url }}"}], {"url": "https://pictures.example/cat.jpg"})
    assert "https://pictures.example" not in allowed(ben.get("/work/"))


@pytest.mark.parametrize("show", [[{"markdown": "{{ text }}"}], [{"chat": "{{ chat }}"}]])
def test_pictures_that_somebody_wrote_into_a_text_are_not_loaded(page_of, show):
    text = "See ![it](https://spy.example/pixel.png)"
    reply = page_of(show, {"text": text, "chat": [{"role": "user", "content": text}]})
    assert "spy.example" not in reply.content.decode()
    assert "spy.example" not in reply.headers["Content-Security-Policy"]


def test_a_text_beside_a_picture_does_not_get_its_rights(page_of):
    reply = page_of(
        [{"image": "{{ url }}"}, {"markdown": "![it](https://spy.example/pixel.png)"}],
        {"url": "https://pictures.example/cat.jpg"},
    )
    assert "spy.example/pixel.png" not in re.sub(r'<a href="[^"]+"', "", reply.content.decode())
    assert allowed(reply)[-1] == "https://pictures.example"


def test_our_own_addresses_are_no_pictures(page_of, settings):
    reply = page_of([{"image": "{{ url }}"}], {"url": f"{settings.APP_URL}/accounts/logout/"})
    assert (
        '/accounts/logout/"'
        not in re.search(r'<section class="task-shown.*?</section>', reply.content.decode(), re.S)[0]
    )


def test_addresses_that_a_secure_site_cannot_load_are_linked(page_of, settings):
    settings.APP_URL = "https://work.example"
    reply = page_of([{"audio": "{{ url }}"}], {"url": "http://sounds.example:8080/a.mp3"})
    page = reply.content.decode()
    assert "Open at sounds.example:8080" in page
    assert 'rel="noopener noreferrer nofollow"' in page
    assert "<audio" not in page
    assert "sounds.example" not in reply.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "url",
    [
        "https://user@evil.example/x",
        "https://evil.example;script-src/x",
        "https://evil.example,https:/x",
        "https:///x",
    ],
)
def test_addresses_that_could_change_the_policy_are_not_loaded(page_of, url):
    reply = page_of([{"image": "{{ url }}"}], {"url": url})
    assert "evil.example" not in reply.headers["Content-Security-Policy"]
    assert "<img" not in reply.content.decode()


def test_sides_of_a_comparison_are_loaded_too(ben):
    made = launched(
        [{"a": "https://one.example/a.png", "b": "https://two.example/b.png"}],
        show=[{"compare": {"a": "{{ a }}", "b": "{{ b }}", "as": "image"}}],
        ask={"better": {"kind": "comparison", "of": ["a", "b"], "scale": 3}},
    )
    reply = ben.get(start(ben, made.public_id)["Location"])
    assert {"https://one.example", "https://two.example"} <= set(allowed(reply))
    assert {"https://one.example", "https://two.example"} <= set(allowed(reply, "media-src"))


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_sounds_and_films_play_from_their_host_only(page_of, kind):
    show = [{kind: {"url": "{{ url }}", "alt": "{{ said }}"}, "label": "Listen"}]
    reply = page_of(show, {"url": "https://sounds.example/a?x=1&y=2", "said": "Two <voices>"})
    page = reply.content.decode()
    element = re.search(rf"<{kind} [^>]*></{kind}>", page)[0]
    assert 'src="https://sounds.example/a?x=1&amp;y=2" controls' in element
    assert 'aria-label="Two &lt;voices&gt;"' in element
    assert allowed(reply, "media-src")[-1] == "https://sounds.example"
    assert "Loaded from sounds.example" in page


@pytest.mark.parametrize(
    ("kind", "content"),
    [("audio", b"RIFF\0\0\0\0WAVE" + b"\0" * 64), ("video", b"\0\0\0\x18ftypmp42" + b"\0" * 64)],
)
def test_uploaded_sounds_and_films_come_by_signed_links(ben, settings, kind, content):
    made = uploaded({kind: "media:{{ file }}"}, "one.bin", content)
    reply = ben.get(start(ben, made.public_id)["Location"])
    link = re.search(rf'<{kind} src="([^"]+)" controls', reply.content.decode())[1]
    assert re.fullmatch(rf"{re.escape(settings.MEDIA_ORIGIN)}/m/.+/one\.bin", link)
    assert settings.MEDIA_ORIGIN in allowed(reply, "media-src")
    assert reply["Link"] == f"<{link}>; rel=preload; as={kind}"  # so that it can be fetched ahead


def test_content_says_its_language(page_of):
    show = [{"text": "{{ text }}"}, {"audio": "{{ url }}"}]
    row = {"text": "Guten Tag", "url": "https://sounds.example/a"}
    page = page_of(show, row, language="de-AT", title="Grüße", instructions="Lesen.").content.decode()
    assert page.startswith('<!DOCTYPE html>\n<html lang="en"')
    assert re.search(r'<section class="shown shown-text" lang="de-AT" dir="auto">', page)
    assert re.search(r'<section class="shown shown-audio" lang="de-AT"', page)
    assert re.search(r'<div class="prose" lang="de-AT" dir="auto"><p>Lesen', page)
    assert '<span lang="de-AT" dir="auto">Grüße</span>' in page
    assert '"lang": "de-AT"' in page or '"lang":"de-AT"' in page  # the question takes it from here


def uploaded(block, name, content, **changes):
    """A running project with one task, which shows an uploaded file."""
    deposit(1_000_000_000)
    made = draft(show=[block], ask=ASK, **changes)
    projects.upload_media(actor=actor("ada"), project_id=made.id, name=name, content=io.BytesIO(content))
    work.import_tasks(project_id=made.id, rows=[{"file": name}], actor_id=None)
    work.launch(actor=actor("ada"), project_id=made.id)
    work.open_covered_tasks(project_id=made.id)
    return made


def test_uploaded_files_come_by_signed_links(ben, settings):
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    shown = {"image": "media:{{ file }}"}
    made = uploaded(shown, "cat.png", picture.getvalue(), instructions="Like ![this](media:cat.png).")
    assignment = task_in(start(ben, made.public_id))
    page = ben.get(f"/work/task/{assignment}/").content.decode()
    assert len(re.findall(rf'<img src="{re.escape(settings.MEDIA_ORIGIN)}/m/[^"]+/cat\.png"', page)) == 2
    assert "Loaded from" not in page
