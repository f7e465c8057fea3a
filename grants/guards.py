"""Triggers that keep a call's form, its terms and a submitted application as they were decided."""

from collections.abc import Callable

import pgtrigger
from django.db import models

Model = type[models.Model]
WRITTEN = ("draft", "shortlisted", "returned_for_completion")
"""States in which an application is being written."""

_FORM = """
    IF TG_OP = 'DELETE' THEN parent := OLD.{column}; ELSE parent := NEW.{column}; END IF;
    SELECT c.state INTO state FROM {source} FOR SHARE OF c;
    IF FOUND AND state NOT IN ({changeable}){besides} THEN
        RAISE EXCEPTION '%: fixed since {moment}', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


def _fixed(
    column: str, source: str, changeable: tuple[str, ...], moment: str, besides: str = ""
) -> Callable[[Model], Model]:
    def decorate(model: Model) -> Model:
        pgtrigger.register(
            pgtrigger.Trigger(
                name="fixed_with_parent",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("parent", "UUID"), ("state", "VARCHAR")],
                func=_FORM.format(
                    column=column,
                    source=source,
                    changeable=", ".join(f"'{state}'" for state in changeable),
                    moment=moment,
                    besides=f" AND NOT (TG_OP = 'UPDATE' AND {besides})" if besides else "",
                ),
            )
        )(model)
        return model

    return decorate


def fixed_with_call(
    column: str = "call_id", source: str = "grants_call c WHERE c.id = parent"
) -> Callable[[Model], Model]:
    """Class decorator: rows of a call's form and scorecard change only while the call is a draft."""
    return _fixed(column, source, ("draft",), "the call left its draft")


def fixed_with_application(model: Model) -> Model:
    """Class decorator: what an application consists of changes only while it is being written."""
    source = "grants_application c WHERE c.id = parent"
    return _fixed("application_id", source, WRITTEN, "the application was submitted")(model)


_ERASED = "EXISTS (SELECT FROM grants_fileerasure e WHERE e.attachment_id = NEW.id AND e.state = 'carried_out')"
_ERASED_IN = """EXISTS (
        SELECT FROM grants_fileerasure e JOIN grants_attachment f ON f.id = e.attachment_id
        WHERE f.application_id = NEW.application_id AND e.state = 'carried_out'
    )"""
_NAMELESS = r"""regexp_replace({row}.value::text, '"name": "([^"\\]|\\.)*"', '', 'g')"""


def answers_fixed_with_application(model: Model) -> Model:
    """As `fixed_with_application`; of a submitted answer an erasure by two people takes the names of files, and nothing else."""
    same = f"{_NAMELESS.format(row='NEW')} = {_NAMELESS.format(row='OLD')}"
    rest = "to_jsonb(NEW) - ARRAY['value'] = to_jsonb(OLD) - ARRAY['value']"
    source, moment = "grants_application c WHERE c.id = parent", "the application was submitted"
    return _fixed("application_id", source, WRITTEN, moment, f"{rest} AND {same} AND {_ERASED_IN}")(model)


def erasable_file(model: Model) -> Model:
    """Class decorator: a file is written once, with its application; an erasure by two people takes its name and its bytes."""
    source, moment = "grants_application c WHERE c.id = parent", "the application was submitted"
    _fixed("application_id", source, WRITTEN, moment, _ERASED)(model)
    gone = "ARRAY['name', 'file', 'erased_at', 'erased_because']"
    trigger = pgtrigger.Trigger(
        name="never_changed",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
        IF OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL OR NEW.erased_because = ''
           OR NEW.file <> '' OR NEW.name <> 'file-' || left(OLD.sha256, 8)
           OR to_jsonb(NEW) - {gone} IS DISTINCT FROM to_jsonb(OLD) - {gone} OR NOT {_ERASED} THEN
            RAISE EXCEPTION '%: % is never changed, only erased by two people', TG_TABLE_NAME, OLD.id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """,
    )
    pgtrigger.register(trigger)(model)
    return model


_INVITED = """
    IF OLD.state = 'draft' AND NEW.state = 'submitted'
       AND EXISTS (SELECT 1 FROM grants_call c WHERE c.id = NEW.call_id AND c.concept_closes_at IS NOT NULL) THEN
        RAISE EXCEPTION '%: % was not invited to write the full proposal', TG_TABLE_NAME, OLD.reference
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def full_proposals_are_invited(model: Model) -> Model:
    """Class decorator: in a call in two stages nobody submits a full proposal past the concept note."""
    pgtrigger.register(
        pgtrigger.Trigger(name="invited", when=pgtrigger.Before, operation=pgtrigger.Update, func=_INVITED)
    )(model)
    return model


def fixed_with_result(model: Model) -> Model:
    """Class decorator: what hangs on a result of an application changes only while the application may."""
    source = "grants_application c JOIN grants_expectedresult r ON r.application_id = c.id WHERE r.id = parent"
    return _fixed("result_id", source, WRITTEN, "the application was submitted")(model)


_OPEN_CONDITION = """
    IF NEW.state <> OLD.state AND NEW.state IN ('agreement_drafted', 'signed_by_partner', 'active') AND EXISTS (
        SELECT 1 FROM grants_awardcondition c
        WHERE c.grant_id = NEW.id AND c.blocks = 'signature' AND c.state NOT IN ('met', 'waived')
    ) THEN
        RAISE EXCEPTION '%: a condition of the award is open', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def signature_waits_for_conditions(model: Model) -> Model:
    """Class decorator: no agreement is drawn up, signed or countersigned while a condition that holds the signature is open."""
    pgtrigger.register(
        pgtrigger.Trigger(
            name="waits_for_conditions", when=pgtrigger.Before, operation=pgtrigger.Update, func=_OPEN_CONDITION
        )
    )(model)
    return model


def fixed_with_report(model: Model) -> Model:
    """Class decorator: the figures of a report change only until it is submitted."""
    source, changeable = "grants_report c WHERE c.id = parent", ("scheduled", "open", "returned")
    return _fixed("report_id", source, changeable, "the report was submitted")(model)


def terms_fixed(model: Model) -> Model:
    """Class decorator of the call: after the draft nothing changes but its state and, by extension, a later close.

    A rapid call stands by between its two dates; the alert that opens it sets them to its hours, in the move that publishes it.
    """
    pgtrigger.register(
        pgtrigger.Trigger(
            name="terms_fixed",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            func="""
            IF OLD.state = 'board_approved' AND NEW.state = 'published' AND OLD.grant_type = 'rapid' THEN
                IF to_jsonb(NEW) - ARRAY['state', 'leaf_id', 'moved_at', 'opens_at', 'closes_at']
                   IS DISTINCT FROM to_jsonb(OLD) - ARRAY['state', 'leaf_id', 'moved_at', 'opens_at', 'closes_at']
                   OR NEW.closes_at > OLD.closes_at THEN
                    RAISE EXCEPTION '%: an alert sets the hours of %, within its time of standing by, and nothing else',
                        TG_TABLE_NAME, OLD.reference USING ERRCODE = 'check_violation';
                END IF;
            ELSIF OLD.state <> 'draft' THEN
                IF to_jsonb(NEW) - ARRAY['state', 'leaf_id', 'moved_at', 'closes_at', 'concept_closes_at']
                   IS DISTINCT FROM to_jsonb(OLD) - ARRAY['state', 'leaf_id', 'moved_at', 'closes_at', 'concept_closes_at']
                   OR (NEW.concept_closes_at IS NULL) <> (OLD.concept_closes_at IS NULL) THEN
                    RAISE EXCEPTION '%: the terms of % are fixed since its approval', TG_TABLE_NAME, OLD.reference
                        USING ERRCODE = 'check_violation';
                END IF;
                IF NEW.closes_at < OLD.closes_at OR NEW.concept_closes_at < OLD.concept_closes_at
                   OR ((NEW.closes_at, NEW.concept_closes_at) IS DISTINCT FROM (OLD.closes_at, OLD.concept_closes_at) AND OLD.state NOT IN ('board_approved', 'published', 'open')) THEN
                    RAISE EXCEPTION '%: % can only be extended, and only before it closes', TG_TABLE_NAME, OLD.reference
                        USING ERRCODE = 'check_violation';
                END IF;
            END IF;
            RETURN NEW;
            """,
        )
    )(model)
    return model


def content_fixed(
    *columns: str, changeable: tuple[str, ...] = WRITTEN, name: str = "reference"
) -> Callable[[Model], Model]:
    """Class decorator: ``columns`` change only in the states ``changeable``; ``name`` is the column named in the refusal."""
    states = ", ".join(f"'{state}'" for state in changeable)
    same = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)

    def decorate(model: Model) -> Model:
        pgtrigger.register(
            pgtrigger.Trigger(
                name="content_fixed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                IF OLD.state NOT IN ({states}) AND ({same}) THEN
                    RAISE EXCEPTION '%: % is fixed since it was submitted', TG_TABLE_NAME, OLD.{name}
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            )
        )(model)
        return model

    return decorate


_JUSTIFIED = """
    IF NOT EXISTS (
        SELECT FROM grants_budgetline l JOIN grants_application a ON a.id = l.application_id
        WHERE l.id = NEW.line_id AND a.id = NEW.application_id AND a.state NOT IN ('draft', 'returned_for_completion')
          AND NEW.amount_minor = (2 * l.quantity * l.unit_cost_minor * l.months * l.percent_charged + 100) / 200
    ) THEN
        RAISE EXCEPTION '%: justifies a submitted line, as it costs', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_RELIGIOUS_MONEY = """
    SELECT c.restriction_class, g.application_id INTO STRICT money
    FROM grants_envelope e JOIN funds_contribution c ON c.id = e.contribution_id, grants_grant g
    WHERE e.id = NEW.envelope_id AND g.id = NEW.grant_id;
    IF money.restriction_class IN ('ZAK', 'WQF') AND (
        SELECT COALESCE(sum(f.amount_minor), 0) FROM grants_grantfunding f
        JOIN grants_envelope e ON e.id = f.envelope_id JOIN funds_contribution c ON c.id = e.contribution_id
        WHERE f.grant_id = NEW.grant_id AND f.id <> NEW.id AND c.restriction_class = money.restriction_class
    ) + NEW.amount_minor > (
        SELECT COALESCE(sum(b.amount_minor), 0) FROM grants_religiousbasis b
        WHERE b.application_id = money.application_id AND b.restriction = money.restriction_class AND b.state = 'approved'
    ) THEN
        RAISE EXCEPTION '%: % money pays justified lines only', TG_TABLE_NAME, money.restriction_class
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def justifies_a_fixed_line(model: Model) -> Model:
    """Class decorator: only a line that was submitted is justified, with all that it costs."""
    pgtrigger.register(
        # Fires after legal_moves: PostgreSQL goes by the names.
        pgtrigger.Trigger(name="line_was_submitted", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_JUSTIFIED)
    )(model)
    return model


def religious_money_is_justified(model: Model) -> Model:
    """Class decorator: zakat and the yield of a waqf fund no more of a grant than the lines that were justified for them."""
    pgtrigger.register(
        pgtrigger.Trigger(
            name="religious_money_is_justified",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            declare=[("money", "RECORD")],
            func=_RELIGIOUS_MONEY,
        )
    )(model)
    return model
