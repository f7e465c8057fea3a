"""What only the signer does to the log; what people do to it has its rules where their offices are known."""

from audit.log_events import LogKeyIntroduced, LogKeyRetired
from audit.rules import rule_for, system_only

rule_for(LogKeyIntroduced, LogKeyRetired)(system_only)
