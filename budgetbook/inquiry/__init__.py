"""Questions about figures that stand: where one comes from, what two versions differ in, why a total changed."""
