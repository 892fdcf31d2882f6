CREATE TABLE "access_revocations" (
	"id" text PRIMARY KEY NOT NULL,
	"node_id" text NOT NULL,
	"user_id" text NOT NULL,
	"user_uuid" text NOT NULL,
	"servers" text NOT NULL,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL
);
--> statement-breakpoint
ALTER TABLE "wings_nodes" ADD COLUMN "access_pending_since" timestamp;--> statement-breakpoint
ALTER TABLE "access_revocations" ADD CONSTRAINT "access_revocations_node_id_wings_nodes_id_fk" FOREIGN KEY ("node_id") REFERENCES "public"."wings_nodes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "access_revocations_node_id_index" ON "access_revocations" USING btree ("node_id");