"""What a task's page loads, and where from."""

import io
import re

import pytest
from PIL import Image

from tagwerk.domain.projects import actions as projects
from tests.interfaces.web.worker.working import start, task_in
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


def test_uploaded_files_come_by_signed_links(ben, settings, tmp_path):
    from tagwerk.domain.work import actions as work
    from tests.orders import deposit

    deposit(1_000_000_000)
    made = draft(show=[{"image": "media:{{ file }}"}], ask=ASK, instructions="Like ![this](media:cat.png).")
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    picture.seek(0)
    projects.upload_media(actor=actor("ada"), project_id=made.id, name="cat.png", content=picture)
    work.import_tasks(project_id=made.id, rows=[{"file": "cat.png"}], actor_id=None)
    work.launch(actor=actor("ada"), project_id=made.id)
    work.open_covered_tasks(project_id=made.id)
    assignment = task_in(start(ben, made.public_id))
    page = ben.get(f"/work/task/{assignment}/").content.decode()
    assert len(re.findall(rf'<img src="{re.escape(settings.MEDIA_ORIGIN)}/m/[^"]+/cat\.png"', page)) == 2
    assert "Loaded from" not in page
