"""What everything means: events, units, calendar, settings, topics, tables, errors."""
