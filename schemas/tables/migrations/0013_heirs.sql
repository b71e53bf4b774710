-- Who stands for a code's dossiers, from which day on: the unit itself first, then what became of
-- it. Rows keep the code that they came with; the walls' queries look up who stands for it on the
-- day they show. In memory like the labels of 0011 and published with them.
CREATE TABLE unit_heirs
(
    code String,
    since Array(Date) COMMENT 'first days, rising; the first stands for all time before too',
    units Array(String) COMMENT 'codes of who stands for it, one for each day of `since`',
    version UInt64
)
ENGINE = Join(ANY, LEFT, code)
SETTINGS join_any_take_last_row = 1;
