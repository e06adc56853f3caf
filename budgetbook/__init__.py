"""Budget papers of a city: one definition of a form, from the blank workbook to the printed page."""
