-- How many rows of a derived table were compared.
SELECT count() FROM {scratch:Identifier}.{stored:Identifier}
