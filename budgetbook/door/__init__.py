"""The way in: what may be opened, what a package holds before anything reads it, and the workers that read."""
