CREATE INDEX "audit_events_actor_id_index" ON "audit_events" USING btree ("actor","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "audit_events_action_id_index" ON "audit_events" USING btree ("action","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "audit_events_administration_index" ON "audit_events" USING btree ("id" DESC NULLS FIRST) WHERE action like 'admin:%';--> statement-breakpoint
CREATE INDEX "audit_events_impersonator_index" ON "audit_events" USING btree ("impersonator_id","id" DESC NULLS FIRST) WHERE impersonator_id is not null;--> statement-breakpoint
CREATE INDEX "audit_events_api_key_index" ON "audit_events" USING btree ("api_key_identifier","id" DESC NULLS FIRST) WHERE api_key_identifier is not null;