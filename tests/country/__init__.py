"""A country of any size, drawn from the sample city: its tree, its figures, its workbooks."""
