-- Common searches are prepared as strings of bits, one bit a visible vendor: what a search asks is the AND of a few,
-- its total their count. A vendor's bit is its place; a category's places follow each other. What is prepared counts
-- only while search_changes is empty; whoever writes to the tables that it comes of adds to it, in the same
-- transaction, so that a prepared answer is never an old one.
CREATE TABLE search_changes (
    what       text NOT NULL CHECK (what IN ('vendors', 'vendor_metrics')),
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- Of the vendors' texts and marks.
CREATE TABLE search_places (
    place     integer PRIMARY KEY,
    vendor_id bigint NOT NULL
);
CREATE TABLE search_categories (
    category    text PRIMARY KEY,
    first_place integer NOT NULL,
    vendors     integer NOT NULL
);
CREATE TABLE search_bits (
    kind text NOT NULL CHECK (kind IN ('all', 'verified', 'tag', 'word')),
    name text NOT NULL,
    bits bit varying NOT NULL,
    PRIMARY KEY (kind, name)
);
-- Which vendors have this score for this word alone.
CREATE TABLE search_scores (
    word  text NOT NULL,
    score real NOT NULL,
    bits  bit varying NOT NULL,
    PRIMARY KEY (word, score)
);
-- And for two of the most common words together, whose ranks are too many for that: where they stand in a text counts.
CREATE TABLE search_pairs (
    words  text[] NOT NULL,
    score  real NOT NULL,
    places integer[] NOT NULL,
    PRIMARY KEY (words, score)
);

-- Of their figures. All places in the order of a sort, in chunks short enough to stay in the row.
CREATE TABLE search_orders (
    sort   text NOT NULL,
    chunk  integer NOT NULL,
    places integer[] NOT NULL,
    PRIMARY KEY (sort, chunk)
);
-- A figure's distinct values, the best first, and each vendor's rank among them, one binary digit a string of bits.
CREATE TABLE search_figures (
    figure text PRIMARY KEY CHECK (figure IN ('uptime', 'rating', 'latency')),
    ranked double precision[] NOT NULL
);
CREATE TABLE search_digits (
    figure text NOT NULL,
    digit  integer NOT NULL,
    bits   bit varying NOT NULL,
    PRIMARY KEY (figure, digit)
);

-- The vendors with this figure or a better one, by comparing ranks digit after digit from the lowest; bits without a
-- vendor mean nothing. Values are kept so that a smaller one is a better one.
CREATE FUNCTION at_least_as_good(asked text, worst double precision) RETURNS bit varying
    LANGUAGE plpgsql STABLE AS $$
DECLARE
    good   integer := (SELECT width_bucket(worst, ranked) FROM search_figures WHERE figure = asked);
    beyond bit varying := (SELECT bits FROM search_bits WHERE kind = 'all');
    held   search_digits;
BEGIN
    FOR held IN SELECT * FROM search_digits WHERE figure = asked ORDER BY digit LOOP
        beyond := CASE WHEN (good >> held.digit) & 1 = 1 THEN beyond & held.bits ELSE beyond | held.bits END;
    END LOOP;
    RETURN ~beyond;
END $$;

-- Statements that change nothing which searches go by leave what is prepared as it is.
CREATE FUNCTION note_search_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'TRUNCATE' THEN
        IF NOT EXISTS (SELECT FROM written) THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO search_changes (what) VALUES (TG_TABLE_NAME);
    RETURN NULL;
END $$;
CREATE FUNCTION note_vendors_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_changes (what) SELECT 'vendors' WHERE EXISTS (
        SELECT FROM was FULL JOIN written USING (id)
        WHERE (was.status, was.category, was.is_verified, was.tags, was.search) IS DISTINCT FROM
            (written.status, written.category, written.is_verified, written.tags, written.search)
    );
    RETURN NULL;
END $$;
CREATE FUNCTION note_metrics_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_changes (what) SELECT 'vendor_metrics' WHERE EXISTS (
        SELECT FROM was FULL JOIN written USING (vendor_id)
        WHERE (was.uptime_pct, was.rating_score, was.avg_latency_ms, was.total_requests, was.last_request_at)
            IS DISTINCT FROM (written.uptime_pct, written.rating_score, written.avg_latency_ms,
                              written.total_requests, written.last_request_at)
    );
    RETURN NULL;
END $$;

CREATE TRIGGER note_insert AFTER INSERT ON vendors REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION note_search_change();
CREATE TRIGGER note_update AFTER UPDATE ON vendors REFERENCING OLD TABLE AS was NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION note_vendors_update();
CREATE TRIGGER note_delete AFTER DELETE ON vendors REFERENCING OLD TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION note_search_change();
CREATE TRIGGER note_truncate AFTER TRUNCATE ON vendors
    FOR EACH STATEMENT EXECUTE FUNCTION note_search_change();
CREATE TRIGGER note_insert AFTER INSERT ON vendor_metrics REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION note_search_change();
CREATE TRIGGER note_update AFTER UPDATE ON vendor_metrics REFERENCING OLD TABLE AS was NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION note_metrics_update();
CREATE TRIGGER note_delete AFTER DELETE ON vendor_metrics REFERENCING OLD TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION note_search_change();
CREATE TRIGGER note_truncate AFTER TRUNCATE ON vendor_metrics
    FOR EACH STATEMENT EXECUTE FUNCTION note_search_change();

INSERT INTO search_changes (what) VALUES ('vendors');
