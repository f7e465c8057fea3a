"""Triggers of PostgreSQL's own for committees: evidence of a nomination, a whole committee before a meeting opens."""

import pgtrigger
from django.conf import settings
from django.db import models

Model = type[models.Model]


def nominated_with_evidence(model: Model) -> Model:
    """Class decorator of the seat: a seat of civil society is filled together with the document that nominates its holder."""
    pgtrigger.register(
        pgtrigger.Trigger(
            name="nominated_with_evidence",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            func="""
            IF NEW.civil_society AND (NEW.evidence = '' OR NEW.evidence_sha256 = '') THEN
                RAISE EXCEPTION '%: a civil-society seat needs the document of its nomination', TG_TABLE_NAME
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
            """,
        )
    )(model)
    return model


def opens_with_a_whole_committee(model: Model) -> Model:
    """Class decorator of the meeting: on its day enough seats are held, in an allowed number, civil society in the majority.

    Without alternates the numbers are exact; with alternates, who may stand in for anybody of their constituency, what is
    refused is what no seating could mend. The panel on call of a rapid window has its own size and is left to the rules.
    """
    pgtrigger.register(
        pgtrigger.Trigger(
            name="whole_committee",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            declare=[
                ("rules", "JSONB"), ("kind", "VARCHAR"), ("committee", "UUID"), ("held_on", "DATE"), ("least", "INT"),
                ("members", "INT"), ("ours", "INT"), ("alternates", "INT"), ("our_alternates", "INT"),
            ],
            func=f"""
            IF NEW.state <> 'open' OR OLD.state = 'open' THEN RETURN NEW; END IF;
            SELECT c.frozen_rules->'committee', c.grant_type, p.committee_id INTO rules, kind, committee
              FROM committees_panel p JOIN grants_call c ON c.id = p.call_id WHERE p.id = NEW.panel_id;
            IF kind = 'rapid' THEN RETURN NEW; END IF;
            held_on := (NEW.held_at AT TIME ZONE '{settings.TIME_ZONE}')::date;
            SELECT min(size::int) INTO least FROM jsonb_array_elements_text(rules->'seats_allowed') size;
            SELECT count(*) FILTER (WHERE s.alternate_of_id IS NULL),
                   count(*) FILTER (WHERE s.alternate_of_id IS NULL AND s.civil_society),
                   count(*) FILTER (WHERE s.alternate_of_id IS NOT NULL),
                   count(*) FILTER (WHERE s.alternate_of_id IS NOT NULL AND s.civil_society)
              INTO members, ours, alternates, our_alternates
              FROM committees_seat s
             WHERE s.committee_id = committee AND s.state = 'filled' AND s.voting
               AND held_on BETWEEN s.starts_on AND s.ends_on;
            IF (alternates = 0 AND NOT rules->'seats_allowed' @> to_jsonb(members)) OR members + alternates < least THEN
                RAISE EXCEPTION '%: % seats are held, which is no number that the charter allows', TG_TABLE_NAME, members
                    USING ERRCODE = 'check_violation';
            END IF;
            IF (ours + our_alternates) * 100
               <= (rules->>'civil_society_above_percent')::int * (CASE alternates WHEN 0 THEN members ELSE least END) THEN
                RAISE EXCEPTION '%: civil society has no majority of the seats', TG_TABLE_NAME
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
            """,
        )
    )(model)  # fmt: skip
    return model
