"""The bytes of a file -> rows that can be used, and notices about the others."""

from clinics.intake.check import Checked, check
from clinics.intake.notices import Notice, Report, Severity
from clinics.intake.rules import Limits, Rules

__all__ = ["Checked", "Limits", "Notice", "Report", "Rules", "Severity", "check"]
