"""Who may open the pages of organisations."""

from accounts.roles import Role
from kernel.access import Access, public, role, signed_in

_readers = "people of the organisation; officers, the board and auditors"
_passport = "people of the organisation; the secretariat and auditors, never the board"
_keepers = "signatories of the organisation; programme officers, never of it"
_people = signed_in("people of the organisation")
_signatory = signed_in("authorised signatories of the organisation")
_bank = signed_in("signatories of the organisation, finance officers").confirmed()
_screening = (Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR)
_agreeing = (Role.FINANCE_OFFICER, Role.FUND_MANAGER)

ACCESS: dict[str, Access] = {
    "organisations:list": role(
        Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.BOARD_MEMBER, Role.AUDITOR
    ).reading(),
    "organisations:screening": role(*_screening).reading(),
    "organisations:new_sanctions_list": role(Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER),
    "organisations:screening_hit": role(*_screening, relation="never of the organisation").confirmed(),
    "organisations:of_screening": role(*_screening, relation="never of the organisation"),
    "organisations:mine": signed_in("the person's own organisations").reading(),
    "organisations:register": signed_in("anyone but officers of the secretariat"),
    "organisations:detail": signed_in(_readers).reading(),
    "organisations:section": _people,
    "organisations:submit": _signatory,
    "organisations:proofs": signed_in(_readers).reading(),
    "organisations:add_proof": _people,
    "organisations:proof_file": signed_in(_readers).reading().giving("pdf", "png", "jpg"),
    "organisations:passport": signed_in(_passport).reading(),
    "organisations:passport_item": signed_in(_passport).reading(),
    "organisations:give_passport_item": _people,
    "organisations:judge_passport_item": role(Role.PROGRAMME_OFFICER, relation="never of the organisation"),
    "organisations:passport_document": signed_in(_passport).reading().giving("pdf", "png", "jpg"),
    "organisations:signed_passport": _signatory.giving("html", "sd-jwt"),
    "organisations:signed_passport_with_accounts": _signatory.confirmed().giving("html", "sd-jwt"),
    "organisations:ask_passport_signature": _signatory.acting(),
    "organisations:import_passport": signed_in(_passport),
    "organisations:passport_keys": public().reading().giving("json"),
    "organisations:trusted_funds": role(*_screening).reading(),
    "organisations:record_trusted_fund": role(Role.FUND_MANAGER).confirmed(),
    "organisations:close_trusted_fund": role(Role.FUND_MANAGER).confirmed(),
    "organisations:listing": _signatory,
    "organisations:leave_register": _signatory.acting(),
    "organisations:people": signed_in(_readers).reading(),
    "organisations:invite": _signatory.confirmed(),
    "organisations:end_person": signed_in("signatories of the organisation; preparers, themselves").confirmed(),
    "organisations:withdraw_invitation": _signatory.acting(),
    "organisations:partnerships": signed_in("people of the organisation, the secretariat, auditors").reading(),
    "organisations:partnership_record": signed_in(_keepers),
    "organisations:partnership_close": signed_in(_keepers),
    "organisations:bank_accounts": signed_in("signatories; finance, the fund manager and auditors").reading(),
    "organisations:add_bank_account": _bank,
    "organisations:verify_bank_account": role(Role.FINANCE_OFFICER, relation="not who recorded it").confirmed(),
    "organisations:retire_bank_account": _bank,
    "organisations:bank_change": signed_in("signatories; finance, the fund manager and auditors").reading(),
    "organisations:bank_change_call": role(Role.FINANCE_OFFICER, relation="not who asked, never of it").confirmed(),
    "organisations:bank_change_agree": role(*_agreeing, relation="neither asked nor called, never of it").confirmed(),
    "organisations:bank_change_refuse": role(*_agreeing, relation="not who asked, never of it").confirmed(),
    "organisations:bank_change_withdraw": _signatory.confirmed(),
    "organisations:capacity": signed_in(_readers).reading(),
    "organisations:capacity_section": _people,
    "organisations:capacity_document": signed_in(_readers).reading().giving("pdf", "png", "jpg"),
    "organisations:give_outside_assessment": _people,
    "organisations:read_outside_assessment": role(Role.PROGRAMME_OFFICER, relation="never of the organisation"),
    "organisations:judge_outside_assessment": role(
        Role.PROGRAMME_OFFICER, Role.FUND_MANAGER, relation="not who read it, never of the organisation"
    ),
    "organisations:agree_improvement": role(Role.PROGRAMME_OFFICER, relation="never of the organisation"),
    "organisations:show_improvement": _people,
    "organisations:judge_improvement": role(Role.PROGRAMME_OFFICER, relation="never of the organisation"),
    "organisations:contest_capacity": _signatory,
    "organisations:decide_contest": role(
        Role.FUND_MANAGER, Role.BOARD_MEMBER, relation="neither assessor nor decider, never of the organisation"
    ),
    "organisations:change_tier": role(Role.FUND_MANAGER, relation="never of the organisation"),
    "organisations:review": role(Role.PROGRAMME_OFFICER, relation="never of the organisation"),
    "organisations:assess": role(Role.PROGRAMME_OFFICER, relation="never of the organisation"),
    "organisations:decide": role(Role.FUND_MANAGER, relation="not the assessor, never of the organisation"),
    "organisations:suspend": role(Role.FUND_MANAGER, relation="never of the organisation").confirmed(),
    "organisations:reinstate": role(Role.FUND_MANAGER, relation="never of the organisation").confirmed(),
}
