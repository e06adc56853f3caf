"""The printed tables of the congress papers, from their definitions to workbook, document and page."""
