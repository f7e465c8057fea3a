"""The capital of a waqf leaves its account by two ways only: back to its donor, or when gifts are gathered into a contribution.

Before, PostgreSQL refused costs and calls by name (0008); what is not named is refused now (domain specification §5.4).
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION funds_lawful_use() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    goes_to text := (SELECT code FROM ledger_account WHERE id = NEW.credit_id);
    class text := COALESCE(
        (SELECT restriction_class FROM funds_contribution WHERE account_id = NEW.debit_id),
        (SELECT split_part(code, '/', 3) FROM ledger_account WHERE id = NEW.debit_id AND code LIKE '3020/cards/%')
    );
BEGIN
    IF class IS NULL OR NEW.kind = 'void' THEN
        RETURN NEW;
    END IF;
    IF class NOT IN ('UNR', 'SDQ', 'ADM') AND goes_to ~ '^(3090|604|605|7)' THEN
        RAISE EXCEPTION 'ledger_transfer: % money never pays costs of the fund, fees or exchange losses', class
            USING ERRCODE = 'check_violation';
    END IF;
    IF class IN ('END', 'ADM') AND goes_to LIKE 'envelope/%' THEN
        RAISE EXCEPTION 'ledger_transfer: % money never goes into a call', class USING ERRCODE = 'check_violation';
    END IF;
    IF class = 'END' AND goes_to !~ '^(1060|2220)/' AND NOT EXISTS (
        SELECT FROM funds_contribution WHERE account_id = NEW.credit_id AND restriction_class = 'END'
    ) THEN
        RAISE EXCEPTION 'ledger_transfer: the capital of a waqf stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0010_waqfs")]

    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
