"""A country of several tiers, from files to the nation."""
