-- Who looks at a year reads quarters that have ended. Left alone they stay in two or three parts, and
-- each query merges their rows anew; in one part nothing is left to merge. Half a second of work for
-- a quarter of a large province, once nothing has come to it for half an hour.
ALTER TABLE field_days MODIFY SETTING
    min_age_to_force_merge_seconds = 1800,
    min_age_to_force_merge_on_partition_only = 1;
