-- What is kept of earlier days when their rows about people are past their time: counts per group and year, no persons.
-- from_day, to_day: the two days that were compared.

CREATE TABLE past_exposure (
    from_day DATE NOT NULL,
    to_day DATE NOT NULL,
    location VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    age_band BIGINT NOT NULL,
    tenure_band BIGINT NOT NULL,
    contract VARCHAR NOT NULL,
    year BIGINT NOT NULL,
    person_years DOUBLE NOT NULL,
    retirement DOUBLE NOT NULL,
    resignation DOUBLE NOT NULL,
    contract_end DOUBLE NOT NULL,
    other_exit DOUBLE NOT NULL
);
CREATE TABLE past_moves (
    from_day DATE NOT NULL,
    to_day DATE NOT NULL,
    from_location VARCHAR NOT NULL,
    from_unit VARCHAR NOT NULL,
    from_role VARCHAR NOT NULL,
    to_location VARCHAR NOT NULL,
    to_unit VARCHAR NOT NULL,
    to_role VARCHAR NOT NULL,
    year BIGINT NOT NULL,
    people DOUBLE NOT NULL
);
CREATE TABLE past_hires (
    from_day DATE NOT NULL,
    to_day DATE NOT NULL,
    location VARCHAR NOT NULL,
    unit VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    year BIGINT NOT NULL,
    age BIGINT NOT NULL,
    people DOUBLE NOT NULL,
    fte DOUBLE NOT NULL
);
CREATE TABLE past_pension (from_day DATE NOT NULL, to_day DATE NOT NULL, months BIGINT NOT NULL, people DOUBLE NOT NULL);
