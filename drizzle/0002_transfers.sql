ALTER TABLE "server_transfers" ADD COLUMN "attempt" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "server_transfers" ADD COLUMN "starts_after" boolean DEFAULT false NOT NULL;