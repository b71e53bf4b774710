-- How many rows of `unit_days` were compared.
SELECT count() FROM {scratch:Identifier}.stored_unit_days
