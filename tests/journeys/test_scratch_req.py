import pytest
from tests.journeys.looking import sign_in, watched
from tests.workshop import launched
from tests.people import PASSWORD, person, actor
from tagwerk.domain.exports import actions as exports
from tagwerk.base.ids import public_id
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
def test_it(site, browser):
    person("ada", password=PASSWORD)
    project = launched([{"text": "x"}])
    n = exports.start_export(actor=actor("ada"), project_id=project.id, format="jsonl")
    page = watched(browser)
    page.on("console", lambda m: print("CONSOLE", m.text))
    page.on("pageerror", lambda m: print("ERR", m))
    page.on("request", lambda m: print("REQ", m.url, m.resource_type))
    path = f"/projects/{project.public_id}/results/{public_id('exp', n)}/"
    sign_in(page, site, "ada", to=path)
    exports.run_export(export_id=n)
    page.wait_for_timeout(5000)
    print(page.evaluate("reports"))
    print(page.inner_html("#export-state")[:600])
