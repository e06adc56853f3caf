"""The working season: what was issued, received, checked, accepted and consolidated, and how things stand."""
