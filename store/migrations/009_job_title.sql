-- The title as the file had it, where it is another word than the role it is planned under.
ALTER TABLE employment ADD COLUMN job_title VARCHAR;
