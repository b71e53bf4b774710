-- Working time between two moments by two look-ups: what was worked before each day of the calendar,
-- and the hours of that day. In memory like the labels of 0011 and published with them; a list's query
-- had to read the calendar and join it.
CREATE TABLE working_days
(
    day Date,
    worked Int64 COMMENT 'working seconds before this day, from the first that the calendar covers',
    starts Array(Int64) COMMENT 'epoch seconds',
    ends Array(Int64) COMMENT 'epoch seconds, one for each of `starts`',
    version UInt64
)
ENGINE = Join(ANY, LEFT, day)
SETTINGS join_any_take_last_row = 1;
