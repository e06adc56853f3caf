"""A budget report's text read into claims."""
