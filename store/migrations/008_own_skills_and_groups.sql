-- Skills that people filled in about themselves, and project groups that take ideas up.
-- A level somebody sent stands until a file read in later speaks of the same person and skill: `after_import` is the newest
-- import there was when it was sent.
CREATE TABLE own_skill (
    person INTEGER NOT NULL,
    skill VARCHAR NOT NULL,
    level DOUBLE NOT NULL,
    sent DATE NOT NULL,
    after_import INTEGER NOT NULL
);

-- lever and amount: the effect the group expects, as a change of one lever; realised: what came of it, in words.
CREATE TABLE project_group (
    project INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    challenge VARCHAR NOT NULL,
    theme VARCHAR NOT NULL CHECK (theme IN ('smarter', 'flexible', 'control', 'technology', 'learning')),
    owner VARCHAR NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN ('forming', 'running', 'done', 'stopped')),
    agreed DATE,
    lever VARCHAR NOT NULL,
    amount DOUBLE,
    realised VARCHAR NOT NULL
);

ALTER TABLE idea ADD COLUMN project INTEGER;
