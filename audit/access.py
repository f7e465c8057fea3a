"""Who may open the log's URLs."""

from kernel.access import public, role, signed_in

_holders = signed_in("who acted, and whom the act concerns; never another's vote or score")
_guardians = ("administrator", "fund_manager", "auditor")

ACCESS = {
    "audit:about": public().reading(),
    "audit:policy": public().reading().giving("txt"),
    "audit:verify": public().reading(),
    "audit:tool": public().reading().giving("py"),
    "audit:cosignatures": public("witnesses: a signature of a registered key is needed").acting().giving("txt"),
    "audit:record": role("auditor", relation="what is audited").reading(),
    "audit:proof": public("who knows the leaf's hash; what it records only for whom it concerns").reading(),
    "audit:paper": public("who has the paper; it leads to the proof of what was signed").reading(),
    "audit:receipt": _holders.reading().giving("tlog-proof"),
    "audit:promise": _holders.reading().giving("txt"),
    "audit:witness_list": role("administrator").confirmed(),
    "audit:witness_new": role("administrator").confirmed(),
    "audit:witness_retire": role("administrator").confirmed(),
    "audit:witness_request": role("administrator").reading().giving("txt"),
    "audit:erasure_list": role(*_guardians).reading(),
    "audit:erasure_decide": role(*_guardians, relation="a second person").confirmed(),
    "audit:erasure_new": role("administrator", relation="in an open staff session, not about themselves").confirmed(),
    "audit:sealed_list": role("administrator").reading(),
    "audit:erasure_key": role("administrator", relation="in an open staff session").confirmed(),
    "audit:checkpoint": public().reading().giving("txt"),
    "audit:tile": public().reading().giving("bin"),
    "audit:epoch_checkpoint": public().reading().giving("txt"),
    "audit:epoch_tile": public().reading().giving("bin"),
}
