"""What policies of row-level security ask: for whom this session reads (`kernel.identity`), and which offices they hold."""

from django.db import migrations

UP = """
CREATE FUNCTION fund_identity() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('poolfund.identity', true), '');
CREATE FUNCTION fund_acts_itself() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN fund_identity() LIKE 'system:%';
CREATE FUNCTION fund_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN fund_identity() LIKE 'person:%' THEN split_part(fund_identity(), ':', 2)::uuid END;
CREATE FUNCTION fund_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN fund_identity() LIKE 'person:%' THEN split_part(fund_identity(), ':', 3)::date END;
CREATE FUNCTION fund_holds(VARIADIC offices text[]) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT EXISTS (
        SELECT FROM accounts_appointment
        WHERE user_id = fund_person() AND role = ANY (offices) AND state = 'held'
            AND starts_on <= fund_today() AND (ends_on IS NULL OR ends_on >= fund_today())
    )
$$;
"""


DOWN = """
DROP FUNCTION fund_holds(VARIADIC text[]);
DROP FUNCTION fund_today(); DROP FUNCTION fund_person(); DROP FUNCTION fund_acts_itself(); DROP FUNCTION fund_identity();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_fixed_fields")]

    operations = [migrations.RunSQL(UP, DOWN)]
