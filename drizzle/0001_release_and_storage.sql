-- However a port leaves its server, by hand or through a foreign key, it returns to the pool clean.
CREATE FUNCTION "server_allocations_release"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW."is_primary" := false;
	NEW."is_locked" := false;
	NEW."notes" := NULL;
	RETURN NEW;
END;
$$;--> statement-breakpoint
CREATE TRIGGER "server_allocations_release" BEFORE UPDATE OF "server_id" ON "server_allocations" FOR EACH ROW WHEN (NEW."server_id" IS NULL) EXECUTE FUNCTION "server_allocations_release"();--> statement-breakpoint

-- Room in each page for what is written again and again, so that an update stays in its page and touches no index.
ALTER TABLE "users" SET (fillfactor = 85);--> statement-breakpoint
ALTER TABLE "apikey" SET (fillfactor = 80);--> statement-breakpoint
ALTER TABLE "wings_nodes" SET (fillfactor = 50);--> statement-breakpoint
ALTER TABLE "servers" SET (fillfactor = 85);--> statement-breakpoint
ALTER TABLE "throttles" SET (fillfactor = 50);--> statement-breakpoint
ALTER TABLE "node_metrics" SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);--> statement-breakpoint
ALTER TABLE "processes" SET (fillfactor = 50);
