-- What people say: conversations, personal links, ideas and needless controls, the pulse, the self-scan.
-- Whatever is promised to be anonymous has no person, no moment finer than a week and no order: ideas are rewritten in the
-- order of their random ids at every addition, answers are counted at once and never kept one by one.

-- One row per outcome of a conversation (source hr or file) or per form sent from an own page (own). The newest one stands.
CREATE TABLE conversation (
    conversation INTEGER NOT NULL,
    person INTEGER NOT NULL,
    held DATE NOT NULL,
    source VARCHAR NOT NULL CHECK (source IN ('hr', 'file', 'own')),
    import_no INTEGER,
    wishes VARCHAR NOT NULL,
    wished_role VARCHAR NOT NULL,
    wished_fte DOUBLE,
    can VARCHAR NOT NULL,
    needs VARCHAR NOT NULL,
    step VARCHAR NOT NULL,
    step_date DATE,
    basis VARCHAR NOT NULL
);

-- Wishes that files brought before there was this table.
INSERT INTO conversation
SELECT row_number() OVER (), person, coalesce(wish_date, current_date), 'file', import_no,
    concat_ws(',',
        CASE WHEN deepen = 'yes' THEN 'deepen' END,
        CASE WHEN other_direction = 'yes' THEN 'other_direction' END,
        CASE WHEN more_hours = 'yes' THEN 'more_hours' END,
        CASE WHEN fewer_hours = 'yes' THEN 'fewer_hours' END,
        CASE WHEN teach = 'yes' THEN 'teach' END,
        CASE WHEN outside_firm = 'yes' THEN 'outside' END,
        CASE WHEN wished_role <> '' THEN 'other_role' END,
        CASE WHEN stop_timing <> '' THEN stop_timing END),
    wished_role, wished_fte, '', '', '', NULL, ''
FROM wish;

-- A link without an account; only the keyed hash of its token is kept. A ticket of the pulse is deleted when it is used.
CREATE TABLE link (
    link INTEGER NOT NULL,
    hash VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('own', 'pulse', 'idea')),
    person INTEGER,
    round INTEGER,
    team VARCHAR NOT NULL,
    expires DATE NOT NULL,
    revoked BOOLEAN NOT NULL
);

CREATE TABLE idea (
    idea VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    theme VARCHAR NOT NULL CHECK (theme IN ('smarter', 'flexible', 'control', 'technology', 'learning')),
    about VARCHAR NOT NULL,
    week DATE NOT NULL,
    author VARCHAR NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN ('new', 'group', 'doing', 'done', 'declined')),
    owner VARCHAR NOT NULL,
    lever VARCHAR NOT NULL,
    amount DOUBLE,
    realised VARCHAR NOT NULL
);
CREATE TABLE idea_support (idea VARCHAR NOT NULL, mark VARCHAR NOT NULL);

-- Controls and rules proposed for removal; unit '' is the whole organisation, hours are per fte per week.
CREATE TABLE control (
    control INTEGER NOT NULL,
    title VARCHAR NOT NULL,
    why VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    hours DOUBLE NOT NULL,
    decision VARCHAR NOT NULL CHECK (decision IN ('open', 'removed', 'kept')),
    decided DATE,
    reason VARCHAR NOT NULL,
    owner VARCHAR NOT NULL
);

CREATE TABLE pulse_round (round INTEGER NOT NULL, name VARCHAR NOT NULL, opened DATE NOT NULL, closed BOOLEAN NOT NULL);
CREATE TABLE pulse_count (
    round INTEGER NOT NULL,
    team VARCHAR NOT NULL,
    question VARCHAR NOT NULL,
    score SMALLINT NOT NULL,
    answers INTEGER NOT NULL
);
CREATE TABLE work_ability (round INTEGER NOT NULL, team VARCHAR NOT NULL, band VARCHAR NOT NULL, people INTEGER NOT NULL);

CREATE TABLE scan (scan INTEGER NOT NULL, held DATE NOT NULL, who VARCHAR NOT NULL);
CREATE TABLE scan_step (scan INTEGER NOT NULL, step VARCHAR NOT NULL, stage SMALLINT NOT NULL, note VARCHAR NOT NULL);
CREATE TABLE challenge (
    challenge INTEGER NOT NULL,
    title VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('lever', 'role', 'action')),
    target VARCHAR NOT NULL,
    since DATE NOT NULL,
    closed BOOLEAN NOT NULL
);
