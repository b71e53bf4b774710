-- Fields of procedures by name.
SELECT value, text
FROM
(
    SELECT {all:String} AS value, {all_text:String} AS text, 0 AS place
    UNION ALL
    SELECT field, if({english:UInt8} = 1, name_en, name_vi), 1 FROM fields FINAL
)
ORDER BY place, text, value
