"""Makes the sample figures of 焦作市 2026: synthetic below the city, adding up to what was published."""
