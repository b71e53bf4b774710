"""Tables of the warehouse: numbered SQL migrations and the row layouts that match them."""
