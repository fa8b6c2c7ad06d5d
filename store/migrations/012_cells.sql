-- The people of the newest snapshots counted in cells, as the projection reads them (store/cells.py): counted when a snapshot is
-- stored, so that nobody waits for it afterwards. Many cells hold one person: they stay behind the walls the rows are behind.
CREATE TABLE cell (
    snapshot INTEGER NOT NULL,
    grp INTEGER NOT NULL,
    age SMALLINT,
    pension_month SMALLINT,
    tenure_band SMALLINT NOT NULL,
    fixed SMALLINT NOT NULL,
    contract_end_month SMALLINT NOT NULL,
    people INTEGER NOT NULL,
    fte DOUBLE NOT NULL,
    fte_sq DOUBLE NOT NULL,
    cost DOUBLE
);

-- mark: of which rows and in which way they were counted; other cells are counted again.
CREATE TABLE cell_stand (snapshot INTEGER NOT NULL, mark VARCHAR NOT NULL);
