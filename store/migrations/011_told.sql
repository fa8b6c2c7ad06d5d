-- What people can, want and did, as it was last told to anybody but HR: renewed per bundle of atoms when enough of its people
-- changed (analytics/told.py). People by the same bare number as everywhere; no text of a conversation.
-- people: how many were told of in the atom; where fewer are left, somebody took things back and the bundle is silent.
CREATE TABLE told_atom (atom INTEGER NOT NULL, bundle INTEGER NOT NULL, people INTEGER NOT NULL, since DATE NOT NULL);

-- Everybody who is told of, as in this snapshot, whether or not anything is known of them.
CREATE TABLE told_person (person INTEGER NOT NULL, atom INTEGER NOT NULL, snapshot INTEGER NOT NULL);

CREATE TABLE told_skill (
    person INTEGER NOT NULL,
    skill VARCHAR NOT NULL,
    level DOUBLE,
    assessed DATE,
    source VARCHAR NOT NULL,
    expiry DATE
);
CREATE TABLE told_wish (
    person INTEGER NOT NULL,
    held DATE NOT NULL,
    wishes VARCHAR NOT NULL,
    wished_role VARCHAR NOT NULL,
    wished_fte DOUBLE,
    willing_to_move VARCHAR NOT NULL
);
CREATE TABLE told_course (person INTEGER NOT NULL, training VARCHAR NOT NULL, completed DATE, expiry DATE);
