-- What somebody parked in a meeting for later, and the assumptions the meeting did not believe: of the person who noted it alone.
-- kind: question (text as typed) or doubt (text is the name of an assumption). done: when it was ticked off.
CREATE TABLE parked (
    parked_no INTEGER NOT NULL,
    who VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('question', 'doubt')),
    text VARCHAR NOT NULL,
    moment TIMESTAMP NOT NULL,
    done TIMESTAMP
);
