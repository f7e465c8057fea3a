"""Who may open which page of this app."""

from accounts.roles import LOG_GUARDIANS as GUARDIANS
from accounts.roles import Role
from kernel.access import Access, public, role, signed_in
from transparency.withholding_rules import READERS, SECRETARIAT

_importers = role(Role.PROGRAMME_OFFICER, Role.ADMINISTRATOR, relation="fund staff who import")
_guardians = role(*GUARDIANS, relation="two of these acknowledge a rollback of the log").confirmed()
_sides = signed_in("the signatory of the grant's organisation, the secretariat")
_givers = signed_in("the donor's own representatives; finance, the fund manager, the board, auditors").reading()
_reporters = signed_in(
    "where the donor's money paid: representatives who look after what it does; finance, the fund manager, the board, auditors"
).reading()

ACCESS: dict[str, Access] = {
    "transparency:home": public().reading(),
    "transparency:decision_register": public().reading(),
    "transparency:decision_list": public().reading().giving("html", "csv", "xlsx"),
    "transparency:paper_list": public().reading(),
    "transparency:paper_detail": public("anyone, once it is published; before: secretariat, board, auditors").reading(),
    "transparency:paper_pdf": public("anyone, once it is published; before: secretariat, board, auditors")
    .reading()
    .giving("pdf"),
    "transparency:paper_work": role(*SECRETARIAT, relation="secretariat"),
    "transparency:paper_approve": role(Role.BOARD_MEMBER, relation="the board").acting().confirmed(),
    "transparency:paper_publish": role(*SECRETARIAT, relation="not who approved it").acting().confirmed(),
    "transparency:paper_discard": role(*SECRETARIAT, Role.BOARD_MEMBER, relation="secretariat, the board"),
    "transparency:register": public().reading(),
    "transparency:grants_told": public().reading().giving("html", "csv", "xlsx"),
    "transparency:giving": _givers,
    "transparency:donor_place": _givers.giving("html", "csv", "xlsx"),
    "transparency:donor_portfolio": _givers.giving("html", "csv", "xlsx"),
    "transparency:donor_statement": _givers.giving("html", "csv", "xlsx", "pdf"),
    "transparency:donor_grant": _givers,
    "transparency:statement_figure": _givers,
    "transparency:share_figure": _givers,
    "transparency:part_figure": _givers,
    "transparency:source_figure": _givers,
    "transparency:donor_tranche_figure": _givers,
    "transparency:donor_documents": _reporters,
    "transparency:donor_document": _reporters.giving("html", "pdf"),
    "transparency:donor_alerts": signed_in("who represents the donor, each for themselves"),
    "transparency:safety_list": role(*READERS, relation="secretariat, auditors").reading(),
    "transparency:safety_review": role(*READERS, relation="reading: auditors too; proposing: not of the organisation"),
    "transparency:safety_clear": role(*SECRETARIAT, relation="not who read it first").acting().confirmed(),
    "transparency:safety_keep_back": role(*SECRETARIAT, relation="not of the organisation"),
    "transparency:rapid_window": public().reading(),
    "transparency:api_page": public().reading(),
    **{
        f"transparency:api_{name}": public().reading().giving("json")
        for name in (
            "openapi",
            "absent",
            "calls",
            "call",
            "grants",
            "grant",
            "pools",
            "payments",
            "additions",
            "contributions",
            "organisations",
            "decisions",
            "search",
        )
    },
    **{
        f"transparency:{name}": public().reading().giving("json")
        for name in ("opportunity_list", "opportunity", "common_grants_absent")
    },
    **{
        f"transparency:api_donor_{name}": public("the bearer of a donor's token").reading().giving("json")
        for name in ("contributions", "portfolio", "statement")
    },
    "transparency:donor_tokens": _givers,
    "transparency:donor_token_new": signed_in("who represents the donor").confirmed(),
    "transparency:donor_token_revoke": signed_in("who made it, those who keep mandates").acting(),
    "transparency:search": public().reading(),
    "transparency:grant_told": public().reading(),
    "transparency:feed_news": public().reading().giving("atom"),
    "transparency:calls_calendar": public().reading().giving("ics"),
    "transparency:sitemap": public().reading().giving("xml"),
    "transparency:robots": public().reading().giving("txt"),
    "transparency:opportunity_search": public("it reads, by POST as the protocol asks").acting().giving("json"),
    "transparency:open_data": public().reading(),
    "transparency:open_data_fields": public().reading(),
    "transparency:open_data_file": public().reading().giving("xml", "json", "csv"),
    "transparency:open_data_version": public().reading().giving("xml", "json", "csv"),
    "transparency:history_dashboard": public().reading(),
    "transparency:history_chart_csv": public().reading().giving("csv"),
    "transparency:dashboard_overview": public().reading(),
    "transparency:dashboard": public().reading(),
    "transparency:dashboard_table": public().reading().giving("csv", "xlsx"),
    "transparency:history_import_list": _importers.reading(),
    "transparency:history_import_new": _importers,
    "transparency:history_import_detail": _importers.reading(),
    "transparency:history_import_confirm": _importers.confirmed(),
    "transparency:history_import_repeat": _importers.acting(),
    "transparency:history_import_problems": _importers.reading().giving("csv"),
    "transparency:public_view": signed_in("people of the grant's organisation, secretariat, auditors"),
    "transparency:name_consent": signed_in("who signs for the grant's organisation").acting().confirmed(),
    "transparency:name_consent_back": signed_in("who signs for the grant's organisation").acting(),
    "transparency:call_times": public().reading(),
    "transparency:call_withheld": role(*SECRETARIAT, relation="secretariat"),
    "transparency:withholding_list": role(*READERS, relation="secretariat, auditors").reading(),
    **{f"transparency:withholding_{act}": _sides for act in ("keep", "propose", "decline")},
    "transparency:withholding_consent": _sides.confirmed(),
    "transparency:log_rollback": _guardians,
    "transparency:log_rollback_confirm": _guardians.acting(),
    "transparency:log_rollback_withdraw": _guardians.acting(),
}
