-- Run once in a template: keeps its rows in the schema `pristine` and makes `pristine.wash()`, which puts them back.
CREATE SCHEMA pristine;

DO $keep$
DECLARE
    part record;
    filled boolean;
    columns text;
    work text := '';
BEGIN
    FOR part IN
        SELECT oid::regclass AS name, relname FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
    LOOP
        work := work || format('DELETE FROM public.%I; ', part.relname);
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', part.relname) INTO filled;
        CONTINUE WHEN NOT filled;

        EXECUTE format('CREATE TABLE pristine.%I AS TABLE public.%I', part.relname, part.relname);
        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns FROM pg_attribute
        WHERE attrelid = part.name AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
        work := work || format(
            'INSERT INTO public.%I (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM pristine.%I; ',
            part.relname, columns, columns, part.relname);
    END LOOP;

    FOR part IN
        SELECT sequencename AS name, coalesce(last_value, start_value) AS value, last_value IS NOT NULL AS called
        FROM pg_sequences WHERE schemaname = 'public'
    LOOP
        work := work || format(
            'PERFORM setval(%L, %s, %L); ', format('public.%I', part.name), part.value, part.called);
    END LOOP;

    -- As a replica, so that neither foreign keys nor triggers mind the order or the deleting.
    EXECUTE format(
        'CREATE FUNCTION pristine.wash() RETURNS void LANGUAGE plpgsql '
        'SET session_replication_role = replica SET lock_timeout = ''10s'' AS %L',
        E'#variable_conflict use_column\nBEGIN ' || work || 'END');  -- a column may be called FOUND
END
$keep$;
