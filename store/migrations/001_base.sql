-- The first shape of the database. No indexes on purpose: replaying them from the write-ahead log is where DuckDB's known
-- faults are, and every write goes through one lock that keeps numbers unique.

CREATE TABLE setting (name VARCHAR NOT NULL, value VARCHAR NOT NULL);

-- One line per import, undo or clearing; numbers only go up, also after an undo, so that a lost import can be noticed.
CREATE TABLE import_log (
    import_no INTEGER NOT NULL,
    action VARCHAR NOT NULL CHECK (action IN ('import', 'undo', 'clear', 'erase', 'retention')),
    moment TIMESTAMP NOT NULL,
    who VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL,
    content_hash VARCHAR NOT NULL,
    reading VARCHAR NOT NULL,
    sample BOOLEAN NOT NULL,
    undone_by INTEGER
);

CREATE TABLE finding (
    import_no INTEGER NOT NULL,
    severity VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    sheet VARCHAR NOT NULL,
    "column" VARCHAR NOT NULL,
    count BIGINT NOT NULL
);

-- key = HMAC-SHA-256 of the employee id; the secret is a file beside the database.
CREATE TABLE person (person INTEGER NOT NULL, key VARCHAR NOT NULL);
CREATE TABLE staff_group (grp INTEGER NOT NULL, location VARCHAR NOT NULL, unit VARCHAR NOT NULL, role VARCHAR NOT NULL);

CREATE TABLE snapshot (
    snapshot INTEGER NOT NULL,
    as_of DATE NOT NULL,
    import_no INTEGER NOT NULL,
    people INTEGER NOT NULL,
    active INTEGER NOT NULL,
    replaced_by INTEGER
);

CREATE TABLE employment (
    snapshot INTEGER NOT NULL,
    person INTEGER NOT NULL,
    grp INTEGER NOT NULL,
    own BOOLEAN NOT NULL,
    birth DATE,
    birth_estimated BOOLEAN NOT NULL,
    hire DATE,
    leave DATE,
    leave_reason VARCHAR NOT NULL,
    contract VARCHAR NOT NULL,
    contract_end DATE,
    fte DOUBLE,
    hours DOUBLE,
    gender VARCHAR NOT NULL,
    salary DOUBLE,
    country VARCHAR NOT NULL
);

CREATE TABLE role (
    import_no INTEGER NOT NULL,
    role VARCHAR NOT NULL,
    isco VARCHAR NOT NULL,
    critical BOOLEAN NOT NULL,
    heavy BOOLEAN NOT NULL,
    apprentice BOOLEAN NOT NULL,
    hire_fte DOUBLE,
    cost DOUBLE
);

-- Every edit is a new version; undo marks the newest one.
CREATE TABLE formation_version (
    version INTEGER NOT NULL,
    moment TIMESTAMP NOT NULL,
    who VARCHAR NOT NULL,
    import_no INTEGER,
    undone BOOLEAN NOT NULL
);
CREATE TABLE formation (
    version INTEGER NOT NULL,
    location VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    establishment_fte DOUBLE,
    vacancies_fte DOUBLE,
    growth DOUBLE
);

CREATE TABLE departure (import_no INTEGER NOT NULL, person INTEGER NOT NULL, leave DATE NOT NULL, leave_reason VARCHAR NOT NULL);
CREATE TABLE vacancy (
    import_no INTEGER NOT NULL,
    location VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    fte DOUBLE NOT NULL
);

CREATE TABLE rename (
    import_no INTEGER NOT NULL,
    "column" VARCHAR NOT NULL CHECK ("column" IN ('location', 'unit', 'role')),
    old VARCHAR NOT NULL,
    new VARCHAR NOT NULL,
    since DATE NOT NULL,
    people INTEGER NOT NULL
);

CREATE TABLE saved_scenario (
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    method VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    created TIMESTAMP NOT NULL,
    changed TIMESTAMP NOT NULL,
    locked BOOLEAN NOT NULL,
    archived BOOLEAN NOT NULL
);

-- Which header a person once chose for which field, so that next month's file is recognised without asking.
CREATE TABLE mapping_memory (header VARCHAR NOT NULL, field VARCHAR NOT NULL, moment TIMESTAMP NOT NULL);
