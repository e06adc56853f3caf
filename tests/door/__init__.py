"""The door: what is let in, what is kept out, and with which words."""
