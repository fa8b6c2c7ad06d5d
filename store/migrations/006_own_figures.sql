-- Tables people fill in themselves (amounts, figures of the sector, chances that were overruled, deaths): the whole table as one text
-- per edit, so that an edit can be taken back and what was in force before is never lost.
CREATE TABLE own_figures (
    name VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    moment TIMESTAMP NOT NULL,
    who VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    undone BOOLEAN NOT NULL
);
