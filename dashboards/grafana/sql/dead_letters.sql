-- Records that could not be read and that nobody has dealt with.
SELECT toInt64(count()) AS value
FROM dead_letters FINAL
WHERE state = 'open'
