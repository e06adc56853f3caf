"""A country tier by tier: only the tier at hand is in memory, whatever the number of files."""
