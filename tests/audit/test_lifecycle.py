"""The one door: what it lets through, what it writes, and what PostgreSQL refuses beside it."""

from datetime import timedelta
from functools import partial

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone, translation

from accounts import events
from accounts.models import StaffSession, User
from audit import fsck, lifecycle, log, merkle, outbox, reactions, rules, selectors, sequencer
from audit.models import Leaf, Opening, OutboxMessage, RecordedEvent
from kernel.permissions import Allowed, Denied, Refused
from poolfund.database.testing import TestDatabases
from tests.threads import together

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def open_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are about the door, not about who may open staff sessions."""
    consent = lambda subject, *, actor, event: Allowed()  # noqa: E731
    for cls in (events.StaffSessionOpened, events.StaffSessionClosed):
        monkeypatch.setitem(rules._rules, cls, consent)


@pytest.fixture
def person() -> User:
    return User.objects.create_user("rima@people.example", full_name="ريما التجريبية")


def opened(person: User) -> StaffSession:
    session = StaffSession(user=person, reason="people to appoint", expires_at=timezone.now() + timedelta(minutes=30))
    return lifecycle.create(session, events.StaffSessionOpened(minutes=30), actor=person)


def test_move_takes_the_edge_and_records_it(person: User) -> None:
    session = opened(person)
    closed = lifecycle.move(session, events.StaffSessionClosed(), actor=person, reason="done")
    assert closed.state == "closed"
    assert [(e.type, e.reason, e.from_state, e.to_state, e.actor) for e in selectors.timeline(session)] == [
        ("accounts.staff_session.closed", "done", "open", "closed", person),
        ("accounts.staff_session.opened", "", "", "open", person),
    ]


def test_a_leaf_commits_to_the_record_and_names_no_person(person: User) -> None:
    session = opened(person)
    body = bytes(session.leaf.body)
    opening = session.leaf.opening
    assert merkle.leaf_hash(body) == bytes(session.leaf.leaf_hash)
    assert log.commitment(bytes(opening.nonce), bytes(opening.record)).encode() in body
    assert len(bytes(opening.nonce)) == 32
    for secret in (str(person.pk), person.email, "people to appoint"):
        assert secret.encode() not in body
    assert str(person.actor_ref).encode() in body


def test_leaves_of_one_object_form_a_chain(person: User) -> None:
    session = opened(person)
    closed = lifecycle.move(session, events.StaffSessionClosed(), actor=None)
    assert f'"prev":"{bytes(session.leaf.leaf_hash).hex()}"'.encode() in bytes(closed.leaf.body)
    assert b'"actor_ref":"system"' in bytes(closed.leaf.body)


def test_a_second_move_along_the_same_edge_is_illegal(person: User) -> None:
    session = opened(person)
    lifecycle.move(session, events.StaffSessionClosed(), actor=person)
    with pytest.raises(lifecycle.IllegalMove):
        lifecycle.move(session, events.StaffSessionClosed(), actor=person)
    assert not lifecycle.possible(StaffSession.objects.get(pk=session.pk), events.StaffSessionClosed(), actor=person)


def test_a_refusal_leaves_nothing_behind(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened(person)
    refusal = lambda subject, *, actor, event: Denied("not now")  # noqa: E731
    monkeypatch.setitem(rules._rules, events.StaffSessionClosed, refusal)
    leaves = Leaf.objects.count()
    with pytest.raises(Refused, match="not now"):
        lifecycle.move(session, events.StaffSessionClosed(), actor=person)
    session.refresh_from_db()
    assert (session.state, Leaf.objects.count()) == ("open", leaves)


def test_a_failing_reaction_undoes_the_move(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened(person)

    def fail(subject: object, event: object, *, actor: object, leaf: object) -> None:
        raise RuntimeError("reaction")

    monkeypatch.setitem(reactions._reactions, events.StaffSessionClosed, [fail])
    with pytest.raises(RuntimeError):
        lifecycle.move(session, events.StaffSessionClosed(), actor=person)
    session.refresh_from_db()
    assert session.state == "open"


def test_an_event_without_a_rule_is_an_error(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened(person)
    monkeypatch.delitem(rules._rules, events.StaffSessionClosed)
    with pytest.raises(LookupError, match="StaffSessionClosed"):
        lifecycle.move(session, events.StaffSessionClosed(), actor=person)


@pytest.mark.django_db(transaction=True)
def test_an_erased_record_leaves_its_leaf_and_a_plain_sentence(databases: TestDatabases) -> None:
    session = opened(User.objects.create_user("rima@people.example", full_name="ريما التجريبية"))
    with psycopg.connect(databases.administrator(connection.settings_dict["NAME"]), autocommit=True) as owner:
        owner.execute("ALTER TABLE audit_opening DISABLE TRIGGER ALL")
        owner.execute("DELETE FROM audit_opening")
    (entry,) = selectors.timeline(session)
    with translation.override("en"):
        assert selectors._sentence(entry.type, None) == "(this record was erased; its proof remains)"
    assert entry.proof == bytes(session.leaf.leaf_hash).hex()


ATTEMPTS = [
    ("illegal edge", "UPDATE accounts_staffsession SET state = 'closed'"),
    ("deleting an object", "DELETE FROM accounts_staffsession"),
    ("editing an event", "UPDATE audit_recordedevent SET type = 'x'"),
    ("deleting an event", "DELETE FROM audit_recordedevent"),
    ("emptying the events", "TRUNCATE audit_recordedevent CASCADE"),
    ("editing a leaf", "UPDATE audit_leaf SET body = 'x'"),
    ("deleting an opening", "DELETE FROM audit_opening"),
    ("switching a trigger off", "ALTER TABLE audit_leaf DISABLE TRIGGER ALL"),
    ("the replica switch", "SET session_replication_role = replica"),
    ("dropping a table", "DROP TABLE audit_leaf"),
    ("becoming the owner", "SET ROLE poolfund_owner"),
    (
        "a row without an event",
        "INSERT INTO accounts_staffsession (id, state, leaf_id, moved_at, user_id, reason, expires_at) "
        "SELECT gen_random_uuid(), state, leaf_id, moved_at, user_id, reason, expires_at FROM accounts_staffsession",
    ),
    (
        "a row that begins in the middle",
        "INSERT INTO accounts_staffsession (id, state, leaf_id, moved_at, user_id, reason, expires_at) "
        "SELECT gen_random_uuid(), 'closed', leaf_id, moved_at, user_id, reason, expires_at FROM accounts_staffsession",
    ),
]


@pytest.mark.parametrize(("what", "sql"), ATTEMPTS, ids=[what for what, _ in ATTEMPTS])
def test_postgresql_refuses_raw_sql(person: User, what: str, sql: str) -> None:
    opened(person)
    with pytest.raises(Exception) as refusal, transaction.atomic(), connection.cursor() as cursor:  # noqa: PT011
        cursor.execute(sql)
    assert isinstance(refusal.value.__cause__, psycopg.Error)


def test_the_library_s_own_switch_is_gone(person: User) -> None:
    opened(person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_%'")
        names = ",".join(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{names}}}"])
        with pytest.raises(Exception, match=r"append-only|permission denied|Cannot"), transaction.atomic():
            cursor.execute("UPDATE audit_leaf SET kind = 'x'")


def test_a_place_in_the_tree_is_given_once(person: User) -> None:
    leaf = opened(person).leaf
    sequencer.integrate()
    for change in ({"seq": 1_000}, {"seq": None, "epoch": None}):
        with pytest.raises(Exception, match="keeps its place"), transaction.atomic():
            Leaf.objects.filter(pk=leaf.pk).update(**change)
    with pytest.raises(Exception, match="from the sequencer"), transaction.atomic():
        Leaf.objects.create(kind="a.b.c", body=b"x", leaf_hash=b"x" * 32, seq=1_000, epoch_id=1)


def test_a_move_costs_a_constant_number_of_queries(person: User, django_assert_num_queries: object) -> None:
    session = opened(person)
    # savepoint pair, lock, previous leaf, the three rows of the record, update
    with django_assert_num_queries(6):  # type: ignore[operator]
        lifecycle.move(session, events.StaffSessionClosed(), actor=person)


@pytest.mark.django_db(transaction=True)
def test_eight_threads_close_one_session_once() -> None:
    person = User.objects.create_user("rima@people.example", full_name="ريما التجريبية")
    session = opened(person)
    close = partial(lifecycle.move, session, events.StaffSessionClosed(), actor=person)
    outcomes = together([close] * 8, lifecycle.IllegalMove)
    assert [isinstance(one, lifecycle.IllegalMove) for one in outcomes].count(True) == 7
    assert RecordedEvent.objects.filter(type="accounts.staff_session.closed").count() == 1


def test_fsck_finds_nothing_in_a_whole_record(person: User) -> None:
    lifecycle.move(opened(person), events.StaffSessionClosed(), actor=person)
    assert list(fsck.findings()) == []


@pytest.mark.django_db(transaction=True)
def test_fsck_names_what_an_owner_forged(databases: TestDatabases) -> None:
    """Whoever owns the tables can go round the guards; the record tells it."""
    person = User.objects.create_user("rima@people.example", full_name="ريما التجريبية")
    session = opened(person)
    with psycopg.connect(databases.administrator(connection.settings_dict["NAME"]), autocommit=True) as owner:
        owner.execute("ALTER TABLE accounts_staffsession DISABLE TRIGGER ALL")
        owner.execute("UPDATE accounts_staffsession SET state = 'closed'")
        owner.execute("ALTER TABLE audit_opening DISABLE TRIGGER ALL")
        owner.execute("UPDATE audit_opening SET nonce = decode(repeat('00', 32), 'hex')")
    found = "\n".join(fsck.findings())
    assert f"accounts.staffsession {session.pk}: is “closed”, its last recorded move led to “open”" in found
    assert f"leaf {session.leaf_id} (no place yet): its record is not the one it commits to" in found
    assert "accounts.staffsession: the guard “legal_moves” is missing or switched off" in found


class TestOutbox:
    @pytest.fixture
    def done(self, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
        payloads: list[dict[str, object]] = []
        monkeypatch.setitem(outbox._handlers, "test.effect", payloads.append)
        return payloads

    def test_a_message_is_done_once(self, done: list[dict[str, object]]) -> None:
        outbox.put("test.effect", {"id": "1"}, dedupe_key="1")
        outbox.put("test.effect", {"id": "1"}, dedupe_key="1")
        assert outbox.drain() == 1
        assert outbox.drain() == 0
        assert done == [{"id": "1"}]

    def test_what_is_for_later_waits(self, done: list[dict[str, object]]) -> None:
        outbox.put("test.effect", {}, dedupe_key="later", not_before=timezone.now() + timedelta(hours=1))
        assert outbox.drain() == 0
        assert done == []

    def test_a_failure_is_kept_and_tried_again_later(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def fail(payload: dict[str, object]) -> None:
            User.objects.create_user("half@done.example", full_name="half done")
            raise RuntimeError("the bank's server is away")

        monkeypatch.setitem(outbox._handlers, "test.effect", fail)
        outbox.put("test.effect", {}, dedupe_key="1")
        assert outbox.drain() == 1
        message = OutboxMessage.objects.get()
        assert (message.attempts, message.done_at) == (1, None)
        assert message.last_error == "RuntimeError: the bank's server is away"
        assert message.not_before > timezone.now()
        assert not User.objects.filter(email="half@done.example").exists()

    def test_it_is_given_up_after_the_last_attempt(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(payload: dict[str, object]) -> None:
            raise RuntimeError

        monkeypatch.setitem(outbox._handlers, "test.effect", fail)
        outbox.put("test.effect", {}, dedupe_key="1")
        OutboxMessage.objects.update(attempts=outbox.MAX_ATTEMPTS - 1)
        outbox.drain()
        assert OutboxMessage.objects.get().given_up_at is not None

    def test_an_unknown_kind_is_refused_at_once(self) -> None:
        with pytest.raises(LookupError):
            outbox.put("test.nobody_does_this", {}, dedupe_key="1")

    @pytest.mark.django_db(transaction=True)
    def test_workers_in_threads_share_the_messages(self, done: list[dict[str, object]]) -> None:
        for number in range(20):
            outbox.put("test.effect", {"id": number}, dedupe_key=str(number))
        together([outbox.drain] * 4)
        assert sorted(payload["id"] for payload in done) == list(range(20))


def test_openings_are_apart_from_events() -> None:
    """Erasing a record must not need the event's row."""
    assert {field.name for field in Opening._meta.fields} == {"leaf", "record", "nonce"}
