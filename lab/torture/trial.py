"""What every trial hands back, and what they share. Knows none of the trials."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Outcome:
    """What one trial counted (`figures`, as shown to people) and every promise it saw broken."""

    name: str
    figures: Mapping[str, str] = field(default_factory=dict)
    broken: tuple[str, ...] = ()


Trial = Callable[[], Outcome]
