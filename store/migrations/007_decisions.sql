-- What a meeting decided, with everything needed to see the same figures again. Lines are added, never changed.
CREATE TABLE decision (
    decision_no INTEGER NOT NULL,
    moment TIMESTAMP NOT NULL,
    who VARCHAR NOT NULL,
    day DATE NOT NULL,
    text VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    council VARCHAR NOT NULL CHECK (council IN ('unknown', 'no', 'advice', 'consent')),
    body VARCHAR NOT NULL,
    method VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    figures VARCHAR NOT NULL,
    doubts VARCHAR NOT NULL,
    parked VARCHAR NOT NULL
);
