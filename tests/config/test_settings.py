"""What the settings make of the environment, loaded as a process of the platform loads them."""

from django.db.utils import ConnectionHandler

from tagwerk.config.settings import _database


def test_everything_that_a_database_url_says_reaches_the_database(database_urls):
    url = database_urls.app + "&connect_timeout=7&application_name=night%20shift&options=-c%20work_mem%3D5MB"
    connection = ConnectionHandler({"default": _database(url, pooled=False)})["default"]
    try:
        with connection.cursor() as cursor:
            cursor.execute("select current_setting('application_name'), current_setting('work_mem')")
            assert cursor.fetchone() == ("night shift", "5MB")
    finally:
        connection.close()


def test_a_demand_for_tls_is_passed_on():
    url = "postgresql://me:p%40ss@db.example.org:5433/work?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    database = _database(url, pooled=False)
    found = {key: database[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert found == {
        "NAME": "work",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example.org",
        "PORT": "5433",
    }
    assert database["OPTIONS"].items() >= {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}.items()
