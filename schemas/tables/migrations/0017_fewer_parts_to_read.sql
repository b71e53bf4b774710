-- The tables that the units' panels read get a part every two seconds while events come, and every
-- part that is there costs each query a millisecond: files to open, rows to compare. Three parts of
-- like size come together instead of five. Beside ten million dossiers and 500 events/s that leaves
-- three parts of the current quarter where there were five, for 0.02 of a core more merging, and the
-- units' queries take a tenth less.
ALTER TABLE unit_days MODIFY SETTING merge_selector_base = 3;
ALTER TABLE field_days MODIFY SETTING merge_selector_base = 3;
ALTER TABLE province_field_days MODIFY SETTING merge_selector_base = 3;
ALTER TABLE national_unit_days MODIFY SETTING merge_selector_base = 3;
