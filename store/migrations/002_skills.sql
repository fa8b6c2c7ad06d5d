-- What people can, what roles ask, what can be learned, what people want, and what was decided to do about it.
-- A person's rows keep the person's number only; the newest import that speaks of a person and skill, a person's wishes, or a
-- list as a whole is the one in force, so that a corrected file replaces an earlier one.

CREATE TABLE skill_record (
    import_no INTEGER NOT NULL,
    person INTEGER NOT NULL,
    skill VARCHAR NOT NULL,
    level DOUBLE NOT NULL,
    assessed DATE,
    source VARCHAR NOT NULL,
    expiry DATE
);

CREATE TABLE wish (
    import_no INTEGER NOT NULL,
    person INTEGER NOT NULL,
    wished_role VARCHAR NOT NULL,
    wished_fte DOUBLE,
    more_hours VARCHAR NOT NULL,
    fewer_hours VARCHAR NOT NULL,
    willing_to_move VARCHAR NOT NULL,
    deepen VARCHAR NOT NULL,
    other_direction VARCHAR NOT NULL,
    teach VARCHAR NOT NULL,
    outside_firm VARCHAR NOT NULL,
    stop_timing VARCHAR NOT NULL,
    wish_date DATE
);

CREATE TABLE training_done (import_no INTEGER NOT NULL, person INTEGER NOT NULL, training VARCHAR NOT NULL, completed DATE, expiry DATE);

CREATE TABLE skill (import_no INTEGER NOT NULL, skill VARCHAR NOT NULL, family VARCHAR NOT NULL, kind VARCHAR NOT NULL, valid_years DOUBLE);

CREATE TABLE requirement (
    import_no INTEGER NOT NULL,
    role VARCHAR NOT NULL,
    skill VARCHAR NOT NULL,
    level DOUBLE,
    weight DOUBLE,
    mandatory BOOLEAN NOT NULL,
    needed_fte DOUBLE,
    change DOUBLE
);

CREATE TABLE training (
    import_no INTEGER NOT NULL,
    training VARCHAR NOT NULL,
    hours DOUBLE,
    price DOUBLE,
    certificate VARCHAR NOT NULL,
    places DOUBLE
);
CREATE TABLE training_skill (import_no INTEGER NOT NULL, training VARCHAR NOT NULL, skill VARCHAR NOT NULL, level DOUBLE);
CREATE TABLE training_need (import_no INTEGER NOT NULL, training VARCHAR NOT NULL, needs VARCHAR NOT NULL);

-- What a person confirmed or estimated for a role: its ISCO-08 code, and the share of its work that technology could touch.
CREATE TABLE role_choice (
    role VARCHAR NOT NULL,
    isco VARCHAR NOT NULL,
    exposed DOUBLE,
    note VARCHAR NOT NULL,
    who VARCHAR NOT NULL,
    moment TIMESTAMP NOT NULL
);

-- Steps of a plan. expected and gap: fte per year from `as_of` on, as JSON lists; gap = shortage without the step when it was planned.
CREATE TABLE action (
    id VARCHAR NOT NULL,
    lever VARCHAR NOT NULL,
    location VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    start DATE,
    due DATE,
    units DOUBLE NOT NULL,
    cost DOUBLE NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN ('planned', 'running', 'done', 'stopped')),
    expected VARCHAR NOT NULL,
    gap VARCHAR NOT NULL,
    as_of DATE NOT NULL,
    note VARCHAR NOT NULL,
    who VARCHAR NOT NULL,
    moment TIMESTAMP NOT NULL
);
