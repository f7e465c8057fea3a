"""The queue on PostgreSQL: real messages through kombu's transport, and the schedules that apps declare."""

from datetime import timedelta

import pytest
from django.conf import settings
from kombu.connection import Connection

from poolfund.celery import app, collect_schedules


@pytest.mark.django_db
def test_a_message_goes_through_the_queue_database() -> None:
    with Connection(app.conf.broker_url, transport_options=app.conf.broker_transport_options) as connection:
        queue = connection.SimpleQueue("poolfund_test_queue")
        queue.put({"look": "outbox"}, serializer="json")
        message = queue.get(timeout=10)
        assert message.payload == {"look": "outbox"}
        message.ack()
        assert queue.qsize() == 0
        queue.queue.delete()
        queue.close()


def test_the_queue_connects_as_its_own_role() -> None:
    assert "user=poolfund_queue" in settings.CELERY_BROKER_TRANSPORT_OPTIONS["conn_string"]


def test_only_json_travels() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()
    collect_schedules(app)
    entries = app.conf.beat_schedule
    assert [name for name, entry in entries.items() if entry["task"] not in app.tasks] == []
    assert [name for name, entry in entries.items() if entry["schedule"] < timedelta(seconds=1)] == []
