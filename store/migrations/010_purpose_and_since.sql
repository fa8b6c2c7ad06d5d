-- What a conversation is for, beside the legal basis on which its outcome is kept; until now the two were one text.
ALTER TABLE conversation ADD COLUMN purpose VARCHAR;

-- The day of the people a project group was planned on: what came of it is measured on later ones.
ALTER TABLE project_group ADD COLUMN since DATE;
