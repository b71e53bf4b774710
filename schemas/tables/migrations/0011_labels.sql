-- Names for the walls' queries, held in memory and asked for with joinGet: analysing a join costs the
-- embedded engine more than everything else of a small query. Published with the units,
-- procedures and fields; a row that comes again takes the older one's place.
CREATE TABLE unit_labels
(
    code String,
    name String,
    level String,
    district String COMMENT 'name of the district right above, empty without one',
    line Array(String) COMMENT 'its code and the codes of all above it, upwards',
    valid_from Date,
    valid_to Date,
    latitude Float64 COMMENT 'NaN = unknown',
    longitude Float64,
    version UInt64
)
ENGINE = Join(ANY, LEFT, code)
SETTINGS join_any_take_last_row = 1;

CREATE TABLE procedure_labels
(
    procedure_id String,
    name String,
    version UInt64
)
ENGINE = Join(ANY, LEFT, procedure_id)
SETTINGS join_any_take_last_row = 1;

CREATE TABLE field_labels
(
    field String,
    name_vi String,
    version UInt64
)
ENGINE = Join(ANY, LEFT, field)
SETTINGS join_any_take_last_row = 1;
