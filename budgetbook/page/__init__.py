"""Pages for officers: each one self-contained file that opens from a shared folder, without a network."""
