from reports.sheets.book import write_kpi_book

__all__ = ["write_kpi_book"]
