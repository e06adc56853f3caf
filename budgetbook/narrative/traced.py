"""Claims traced to the cells and units that they speak of; what is said again is traced once."""

from __future__ import annotations

from ..catalogue import Catalogue
from ..unit import Unit
from .claim import Claim
from .claim_map import ClaimMap, Formula
from .standing import scope_units


class Tracer:
    """The claim map and the unit tree of one catalogue, with what they have answered."""

    def __init__(self, claim_map: ClaimMap, catalogue: Catalogue) -> None:
        self.claim_map, self.catalogue = claim_map, catalogue
        self._formulas: dict[tuple[str, str, str, int | None], Formula | None] = {}
        self._units: dict[tuple[str, str], tuple[Unit, ...]] = {}

    def formula(self, claim: Claim) -> Formula | None:
        """How the claim follows from cells; None if the map does not know."""
        key = claim.budget, claim.flow, claim.measure, claim.year
        if key not in self._formulas:
            self._formulas[key] = self.claim_map.of_claim(claim, self.catalogue)
        return self._formulas[key]

    def units(self, claim: Claim) -> tuple[Unit, ...]:
        """Whose figure it is; none if the tree has nothing of that name."""
        key = claim.scope, claim.of_which
        if key not in self._units:
            self._units[key] = scope_units(self.catalogue.tree, *key)
        return self._units[key]
