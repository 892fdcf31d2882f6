ALTER TABLE "schedule_run_tasks" ADD COLUMN "time_offset" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "schedule_run_tasks" ADD COLUMN "continue_on_failure" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "schedule_run_tasks" ADD COLUMN "ready_at" timestamp;--> statement-breakpoint
CREATE INDEX "schedule_run_tasks_ready_index" ON "schedule_run_tasks" USING btree ("ready_at") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "schedule_run_tasks_running_index" ON "schedule_run_tasks" USING btree ("started_at") WHERE status = 'running';--> statement-breakpoint
CREATE INDEX "schedule_runs_running_index" ON "schedule_runs" USING btree ("schedule_id") WHERE status = 'running';