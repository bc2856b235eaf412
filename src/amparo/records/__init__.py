"""What is written down, in PostgreSQL: our one Django app with tables. `casebook` alone writes cases and notices."""
