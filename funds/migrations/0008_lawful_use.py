"""What money of a class may never pay, held by PostgreSQL (domain specification §5.3 invariant 5, §5.4).

Costs of the fund, fees and exchange losses are paid only by money that is unrestricted, sadaqah, or given for running
costs: never by zakat, the yield or the capital of a waqf, or restricted money. The capital of a waqf and what was given
for running costs never go into a call. The books know accounts, not donors: this guard stands here, on their table.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION funds_lawful_use() RETURNS trigger LANGUAGE plpgsql AS $$
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
    RETURN NEW;
END $$;
CREATE TRIGGER funds_lawful_use BEFORE INSERT ON ledger_transfer FOR EACH ROW EXECUTE FUNCTION funds_lawful_use();
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0007_walls_of_gifts"), ("ledger", "0003_language_neutral_words")]

    operations = [
        migrations.RunSQL(
            FUNCTION, "DROP TRIGGER funds_lawful_use ON ledger_transfer; DROP FUNCTION funds_lawful_use();"
        )
    ]
