"""Events as rows of a table, such as spreadsheets write in CSV."""
