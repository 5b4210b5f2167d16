-- What most searches ask is answered before it is asked: browsing, and the words that many vendors have. Rows
-- here count only while search_changes is empty; whoever writes to the tables that they come of adds to it, in
-- the same transaction, so that a prepared answer is never an old one.
CREATE TABLE search_changes (
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- How many vendors match these words, by category. `words` are lexemes in order; {*} is browsing.
CREATE TABLE search_facets (
    words    text[] NOT NULL,
    category text   NOT NULL,
    vendors  bigint NOT NULL,
    PRIMARY KEY (words, category)
);

-- The first vendors that match them, in each order, in a category or ('') in all.
CREATE TABLE search_pages (
    words    text[]   NOT NULL,
    category text     NOT NULL,
    sort     text     NOT NULL,
    ids      bigint[] NOT NULL,
    PRIMARY KEY (words, category, sort)
);

CREATE FUNCTION note_search_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_changes DEFAULT VALUES;
    RETURN NULL;
END $$;

CREATE TRIGGER note_search_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON vendors
    FOR EACH STATEMENT EXECUTE FUNCTION note_search_change();
CREATE TRIGGER note_search_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON vendor_metrics
    FOR EACH STATEMENT EXECUTE FUNCTION note_search_change();

INSERT INTO search_changes DEFAULT VALUES;
