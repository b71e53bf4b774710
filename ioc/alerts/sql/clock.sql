-- The warehouse's own clock, which stamps the rows.
SELECT toUnixTimestamp64Milli(now64(3))
