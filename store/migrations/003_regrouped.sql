-- Rows of earlier snapshots that were put under the new name of a department or role that was split, with the group they came from,
-- so that taking the import back takes this back too.
CREATE TABLE regrouped (import_no INTEGER NOT NULL, snapshot INTEGER NOT NULL, person INTEGER NOT NULL, grp INTEGER NOT NULL);
