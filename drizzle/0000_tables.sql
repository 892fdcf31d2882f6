CREATE SEQUENCE "public"."backup_hosts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."database_hosts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."egg_variables_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."eggs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."locations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."mounts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."nests_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."roles_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."server_allocations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."server_databases_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."server_schedule_tasks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."server_schedules_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."server_subusers_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."servers_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."users_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE SEQUENCE "public"."wings_nodes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"type" text NOT NULL,
	"provider" text NOT NULL,
	"provider_id" text,
	"provider_account_id" text NOT NULL,
	"account_id" text,
	"password" text,
	"refresh_token" text,
	"access_token" text,
	"refresh_token_expires_in" integer,
	"expires_at" timestamp,
	"access_token_expires_at" timestamp,
	"refresh_token_expires_at" timestamp,
	"token_type" text,
	"scope" text,
	"id_token" text,
	"session_state" text,
	"oauth_token_secret" text,
	"oauth_token" text,
	"created_at" timestamp,
	"updated_at" timestamp,
	"label" text,
	CONSTRAINT "accounts_type_check" CHECK (type = case when provider = 'credential' then 'credential' else 'oauth' end),
	CONSTRAINT "accounts_provider_twin_check" CHECK (provider_id is not distinct from provider),
	CONSTRAINT "accounts_account_twin_check" CHECK (account_id is not distinct from provider_account_id),
	CONSTRAINT "accounts_password_check" CHECK (password is null or provider = 'credential'),
	CONSTRAINT "accounts_unused_check" CHECK (refresh_token_expires_in is null and expires_at is null and token_type is null and session_state is null and oauth_token_secret is null and oauth_token is null)
);
--> statement-breakpoint
CREATE TABLE "announcement_dismissals" (
	"announcement_id" text NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp NOT NULL,
	CONSTRAINT "announcement_dismissals_announcement_id_user_id_pk" PRIMARY KEY("announcement_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "announcements" (
	"id" text PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"body" text,
	"link" text,
	"level" text DEFAULT 'info' NOT NULL,
	"audience" text DEFAULT 'everyone' NOT NULL,
	"node_id" text,
	"is_dismissible" boolean DEFAULT true NOT NULL,
	"starts_at" timestamp NOT NULL,
	"ends_at" timestamp,
	"created_by" text,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "announcements_level_check" CHECK (level in ('info', 'warning', 'error')),
	CONSTRAINT "announcements_audience_check" CHECK (audience in ('everyone', 'administrators', 'node') and (audience = 'node') = (node_id is not null))
);
--> statement-breakpoint
CREATE TABLE "apikey" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text,
	"memo" text,
	"name" text,
	"start" text,
	"prefix" text,
	"key" text NOT NULL,
	"user_id" text NOT NULL,
	"refill_interval" integer,
	"refill_amount" integer,
	"last_refill_at" timestamp,
	"last_used_at" timestamp,
	"enabled" boolean DEFAULT true NOT NULL,
	"rate_limit_enabled" boolean DEFAULT true NOT NULL,
	"rate_limit_time_window" integer,
	"rate_limit_max" integer,
	"request_count" integer DEFAULT 0 NOT NULL,
	"remaining" integer,
	"last_request" timestamp,
	"expires_at" timestamp,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	"permissions" text,
	"metadata" text,
	"kind" text DEFAULT 'account' NOT NULL,
	"allowed_ips" text DEFAULT '[]' NOT NULL,
	"node_id" text,
	CONSTRAINT "api_key_identifier_check" CHECK (identifier is not null),
	CONSTRAINT "api_key_kind_check" CHECK (kind in ('account', 'application', 'deploy')),
	CONSTRAINT "api_key_deploy_check" CHECK (kind <> 'deploy' or (node_id is not null and remaining is not null and expires_at is not null)),
	CONSTRAINT "api_key_permissions_check" CHECK (kind = 'account' or permissions is not null),
	CONSTRAINT "api_key_last_used_twin_check" CHECK (last_used_at is not distinct from last_request),
	CONSTRAINT "api_key_unused_check" CHECK (name is null and metadata is null and refill_interval is null and refill_amount is null and last_refill_at is null)
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" text PRIMARY KEY NOT NULL,
	"occurred_at" timestamp NOT NULL,
	"actor" text NOT NULL,
	"actor_type" text NOT NULL,
	"action" text NOT NULL,
	"target_type" text NOT NULL,
	"target_id" text,
	"metadata" text,
	"created_at" timestamp NOT NULL,
	"actor_name" text,
	"impersonator_id" text,
	"ip" text,
	"api_key_identifier" text,
	"batch" text,
	"server_id" text,
	"node_id" text,
	"dedupe_key" text,
	CONSTRAINT "audit_events_actor_type_check" CHECK (actor_type in ('user', 'node', 'system'))
);
--> statement-breakpoint
CREATE TABLE "audit_subjects" (
	"event_id" text NOT NULL,
	"type" text NOT NULL,
	"id" text NOT NULL,
	CONSTRAINT "audit_subjects_event_id_type_id_pk" PRIMARY KEY("event_id","type","id")
);
--> statement-breakpoint
CREATE TABLE "backup_host_nodes" (
	"backup_host_id" text NOT NULL,
	"node_id" text NOT NULL,
	CONSTRAINT "backup_host_nodes_backup_host_id_node_id_pk" PRIMARY KEY("backup_host_id","node_id")
);
--> statement-breakpoint
CREATE TABLE "backup_hosts" (
	"id" text PRIMARY KEY DEFAULT nextval('backup_hosts_id_seq')::text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"configuration" text,
	"is_default" boolean DEFAULT false NOT NULL,
	"checked_at" timestamp,
	"failure" text,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "backup_hosts_id_check" CHECK (id ~ '^[1-9][0-9]{0,17}$'),
	CONSTRAINT "backup_hosts_kind_check" CHECK (kind in ('wings', 's3')),
	CONSTRAINT "backup_hosts_configuration_check" CHECK ((configuration is not null) = (kind = 's3'))
);
--> statement-breakpoint
CREATE TABLE "database_host_nodes" (
	"database_host_id" text NOT NULL,
	"node_id" text NOT NULL,
	CONSTRAINT "database_host_nodes_database_host_id_node_id_pk" PRIMARY KEY("database_host_id","node_id")
);
--> statement-breakpoint
CREATE TABLE "database_hosts" (
	"id" text PRIMARY KEY DEFAULT nextval('database_hosts_id_seq')::text NOT NULL,
	"name" text NOT NULL,
	"host" text NOT NULL,
	"port" integer DEFAULT 3306 NOT NULL,
	"username" text NOT NULL,
	"password" text NOT NULL,
	"max_databases" integer,
	"public_host" text,
	"public_port" integer,
	"tls_mode" text DEFAULT 'prefer' NOT NULL,
	"checked_at" timestamp,
	"failure" text,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "database_hosts_id_check" CHECK (id ~ '^[1-9][0-9]{0,17}$'),
	CONSTRAINT "database_hosts_tls_mode_check" CHECK (tls_mode in ('off', 'prefer', 'require', 'verify'))
);
--> statement-breakpoint
CREATE TABLE "egg_sources" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"contents" text,
	"etag" text,
	"checked_at" timestamp,
	"failure" text,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL
);
--> statement-breakpoint
CREATE TABLE "egg_variables" (
	"id" text PRIMARY KEY DEFAULT nextval('egg_variables_id_seq')::text NOT NULL,
	"egg_id" text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"env_variable" text NOT NULL,
	"default_value" text,
	"user_viewable" boolean DEFAULT true NOT NULL,
	"user_editable" boolean DEFAULT true NOT NULL,
	"rules" text,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	"sort" integer,
	CONSTRAINT "egg_variables_id_check" CHECK (id ~ '^[1-9][0-9]{0,17}$'),
	CONSTRAINT "egg_variables_env_variable_check" CHECK (env_variable ~ '^[A-Za-z0-9_]{1,191}$')
);
--> statement-breakpoint
CREATE TABLE "eggs" (
	"id" text PRIMARY KEY DEFAULT nextval('eggs_id_seq')::text NOT NULL,
	"uuid" text NOT NULL,
	"nest_id" text NOT NULL,
	"author" text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"features" text,
	"file_denylist" text,
	"update_url" text,
	"docker_image" text NOT NULL,
	"docker_images" text,
	"startup" text NOT NULL,
	"config_files" text,
	"config_startup" text,
	"config_stop" text,
	"config_logs" text,
	"script_container" text,
	"script_entry" text,
	"script_install" text,
	"copy_script_from" text,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	"config_from" text,
	"is_script_privileged" boolean DEFAULT true NOT NULL,
	"force_outgoing_ip" boolean DEFAULT false NOT NULL,
	"startup_commands" text,
	"tags" text DEFAULT '[]' NOT NULL,
	"icon" text,
	"icon_id" text,
	"source_format" text,
	"source_extra" text,
	"source_id" text,
	"update_hash" text,
	"update_available" boolean DEFAULT false NOT NULL,
	"update_checked_at" timestamp,
	CONSTRAINT "eggs_uuid_unique" UNIQUE("uuid"),
	CONSTRAINT "eggs_id_check" CHECK (id ~ '^[1-9][0-9]{0,17}$'),
	CONSTRAINT "eggs_parent_check" CHECK (config_from <> id and copy_script_from <> id)
);
--> statement-breakpoint
CREATE TABLE "identity_providers" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"enabled" boolean DEFAULT false NOT NULL,
	"client_id" text NOT NULL,
	"client_secret" text NOT NULL,
	"options" text DEFAULT '{}' NOT NULL,
	"creates_users" boolean DEFAULT false NOT NULL,
	"links_users" boolean DEFAULT false NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "identity_providers_id_check" CHECK (id ~ '^[a-z0-9][a-z0-9-]*$' and id <> 'credential')
);
--> statement-breakpoint
CREATE TABLE "images" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"media_type" text NOT NULL,
	"bytes" "bytea" NOT NULL,
	"sha256" text NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"created_at" timestamp NOT NULL,
	CONSTRAINT "images_kind_check" CHECK (kind in ('avatar', 'server', 'egg', 'logo', 'favicon')),
	CONSTRAINT "images_media_type_check" CHECK (media_type in ('image/png', 'image/webp')),
	CONSTRAINT "images_bytes_check" CHECK (octet_length(bytes) <= 524288)
);
--> statement-breakpoint
CREATE TABLE "import_rows" (
	"fingerprint" text NOT NULL,
	"table_name" text NOT NULL,
	"source_id" text NOT NULL,
	"target_id" text NOT NULL,
	"row_hash" text NOT NULL,
	"run_id" text NOT NULL,
	"imported_at" timestamp NOT NULL,
	CONSTRAINT "import_rows_fingerprint_table_name_source_id_pk" PRIMARY KEY("fingerprint","table_name","source_id")
);
--> statement-breakpoint
CREATE TABLE "import_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"fingerprint" text NOT NULL,
	"flavour" text NOT NULL,
	"source_version" text,
	"status" text DEFAULT 'running' NOT NULL,
	"report" text,
	"started_at" timestamp NOT NULL,
	"finished_at" timestamp
);
--> statement-breakpoint
CREATE TABLE "locations" (
	"id" text PRIMARY KEY DEFAULT nextval('locations_id_seq')::text NOT NULL,
	"short" text NOT NULL,
	"long" text,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "locations_id_check" CHECK (id ~ '^[1-9][0-9]{0,17}$'),
	CONSTRAINT "locations_length_check" CHECK (length(short) <= 60 and (long is null or length(long) <= 191))
);
--> statement-breakpoint
CREATE TABLE "mail_templates" (
	"template" text NOT NULL,
	"locale" text NOT NULL,
	"subject" text NOT NULL,
	"body" text NOT NULL,
	"updated_by" text,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "mail_templates_template_locale_pk" PRIMARY KEY("template","locale")
);
--> statement-breakpoint
CREATE TABLE "mails" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text,
	"recipient" text NOT NULL,
	"template" text NOT NULL,
	"locale" text NOT NULL,
	"values" text,
	"status" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"failure" text,
	"sent_at" timestamp,
	"created_at" timestamp NOT NULL,
	CONSTRAINT "mails_status_check" CHECK (status in ('waiting', 'sent', 'failed', 'withheld')),
	CONSTRAINT "mails_values_check" CHECK (status <> 'sent' or "values" is null)
);
--> statement-breakpoint
CREATE TABLE "mount_eggs" (
	"mount_id" text NOT NULL,
	"egg_id" text NOT NULL,
	CONSTRAINT "mount_eggs_mount_id_egg_id_pk" PRIMARY KEY("mount_id","egg_id")
);
--> statement-breakpoint
CREATE TABLE "mount_nodes" (
	"mount_id" text NOT NULL,
	"node_id" text NOT NULL,
	CONSTRAINT "mount_nodes_mount_id_node_id_pk" PRIMARY KEY("mount_id","node_id")
);
--> statement-breakpoint
CREATE TABLE "mount_servers" (
	"mount_id" text NOT NULL,
	"server_id" text NOT NULL,
	CONSTRAINT "mount_servers_mount_id_server_id_pk" PRIMARY KEY("mount_id","server_id")
);
--> statement-breakpoint
CREATE TABLE "mounts" (
	"id" text PRIMARY KEY DEFAULT nextval('mounts_id_seq')::text NOT NULL,
	"uuid" text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"source" text NOT NULL,
	"target" text NOT NULL,
	"read_only" boolean DEFAULT false NOT NULL,
	"user_mountable" boolean DEFAULT false NOT NULL,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "mounts_id_check" CHECK (id ~ '^[1-9][0-9]{0,17}$'),
	CONSTRAINT "mounts_absolute_check" CHECK (left(source, 1) = '/' and left(target, 1) = '/')
);
--> statement-breakpoint
CREATE TABLE "nests" (
	"id" text PRIMARY KEY DEFAULT nextval('nests_id_seq')::text NOT NULL,
	"uuid" text NOT NULL,
	"author" text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "nests_uuid_unique" UNIQUE("uuid"),
	CONSTRAINT "nests_id_check" CHECK (id ~ '^[1-9][0-9]{0,17}$')
);
--> statement-breakpoint
CREATE TABLE "node_metrics" (
	"node_id" text NOT NULL,
	"resolution" smallint NOT NULL,
	"slot" smallint NOT NULL,
	"bucket_at" timestamp NOT NULL,
	"samples" smallint NOT NULL,
	"cpu_mean" real NOT NULL,
	"cpu_max" real NOT NULL,
	"memory_mean" bigint NOT NULL,
	"memory_max" bigint NOT NULL,
	"disk_bytes" bigint,
	"received_per_second" real,
	"sent_per_second" real,
	"running_servers" smallint,
	CONSTRAINT "node_metrics_node_id_resolution_slot_pk" PRIMARY KEY("node_id","resolution","slot"),
	CONSTRAINT "node_metrics_slot_check" CHECK (slot >= 0 and ((resolution = 10 and slot < 360) or (resolution = 300 and slot < 288) or (resolution = 1800 and slot < 336)))
);
--> statement-breakpoint
CREATE TABLE "notification_preferences" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"server_id" text,
	"kind" text NOT NULL,
	"bell" boolean NOT NULL,
	"mail" boolean NOT NULL,
	"updated_at" timestamp NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"kind" text NOT NULL,
	"server_id" text,
	"node_id" text,
	"data" text DEFAULT '{}' NOT NULL,
	"dedupe_key" text,
	"read_at" timestamp,
	"created_at" timestamp NOT NULL
);
--> statement-breakpoint
CREATE TABLE "one_time_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"token_hash" text NOT NULL,
	"user_id" text,
	"data" text,
	"ip" text,
	"expires_at" timestamp NOT NULL,
	"used_at" timestamp,
	"created_at" timestamp NOT NULL,
	CONSTRAINT "one_time_tokens_purpose_check" CHECK (purpose in ('panel.setup', 'account.setup', 'password.reset', 'email.change', 'sign-in.checkpoint', 'sign-in.email-code')),
	CONSTRAINT "one_time_tokens_user_check" CHECK (user_id is not null or purpose = 'panel.setup')
);
--> statement-breakpoint
CREATE TABLE "passkeys" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text,
	"public_key" text NOT NULL,
	"user_id" text NOT NULL,
	"credential_id" text NOT NULL,
	"counter" bigint NOT NULL,
	"device_type" text NOT NULL,
	"backed_up" boolean NOT NULL,
	"transports" text,
	"aaguid" text,
	"created_at" timestamp,
	"last_used_at" timestamp
);
--> statement-breakpoint
CREATE TABLE "permission_presets" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text,
	"name" text NOT NULL,
	"permissions" text NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL
);
--> statement-breakpoint
CREATE TABLE "processes" (
	"id" text PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"version" text NOT NULL,
	"memory_bytes" bigint,
	"loop_lag_ms" integer,
	"started_at" timestamp NOT NULL,
	"last_seen_at" timestamp NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"code_hash" text NOT NULL,
	"used_at" timestamp,
	"created_at" timestamp NOT NULL
);
--> statement-breakpoint
CREATE TABLE "role_grants" (
	"role_id" text NOT NULL,
	"resource" text NOT NULL,
	"level" smallint NOT NULL,
	CONSTRAINT "role_grants_role_id_resource_pk" PRIMARY KEY("role_id","resource"),
	CONSTRAINT "role_grants_level_check" CHECK (level between 1 and 3)
);
--> statement-breakpoint
CREATE TABLE "role_nodes" (
	"role_id" text NOT NULL,
	"node_id" text NOT NULL,
	CONSTRAINT "role_nodes_role_id_node_id_pk" PRIMARY KEY("role_id","node_id")
);
--> statement-breakpoint
CREATE TABLE "roles" (
	"id" text PRIMARY KEY DEFAULT nextval('roles_id_seq')::text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"is_node_restricted" boolean DEFAULT false NOT NULL,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "roles_id_check" CHECK (id ~ '^[1-9][0-9]{0,17}$')
);
--> statement-breakpoint
CREATE TABLE "schedule_run_tasks" (
	"run_id" text NOT NULL,
	"sequence_id" integer NOT NULL,
	"task_id" text,
	"action" text NOT NULL,
	"payload" text DEFAULT '' NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"reason" text,
	"detail" text,
	"due_at" timestamp NOT NULL,
	"started_at" timestamp,
	"finished_at" timestamp,
	CONSTRAINT "schedule_run_tasks_run_id_sequence_id_pk" PRIMARY KEY("run_id","sequence_id"),
	CONSTRAINT "schedule_run_tasks_status_check" CHECK (status in ('waiting', 'running', 'succeeded', 'failed', 'skipped'))
);
--> statement-breakpoint
CREATE TABLE "schedule_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"schedule_id" text NOT NULL,
	"trigger" text NOT NULL,
	"started_by" text,
	"status" text DEFAULT 'running' NOT NULL,
	"reason" text,
	"started_at" timestamp NOT NULL,
	"finished_at" timestamp,
	CONSTRAINT "schedule_runs_trigger_check" CHECK (trigger in ('cron', 'manual', 'missed')),
	CONSTRAINT "schedule_runs_status_check" CHECK (status in ('running', 'succeeded', 'failed', 'skipped') and (status = 'running') = (finished_at is null))
);
--> statement-breakpoint
CREATE TABLE "server_allocations" (
	"id" text PRIMARY KEY DEFAULT nextval('server_allocations_id_seq')::text NOT NULL,
	"node_id" text NOT NULL,
	"server_id" text,
	"ip" text NOT NULL,
	"port" integer NOT NULL,
	"is_primary" boolean DEFAULT false NOT NULL,
	"ip_alias" text,
	"notes" text,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	"is_locked" boolean DEFAULT false NOT NULL,
	"is_port_shown" boolean DEFAULT true NOT NULL,
	CONSTRAINT "server_allocations_id_check" CHECK (id ~ '^[1-9][0-9]{0,17}$'),
	CONSTRAINT "server_allocations_port_check" CHECK (port between 1 and 65535),
	CONSTRAINT "server_allocations_free_check" CHECK (server_id is not null or (not is_primary and not is_locked and notes is null))
);
--> statement-breakpoint
CREATE TABLE "server_backups" (
	"id" text PRIMARY KEY NOT NULL,
	"server_id" text NOT NULL,
	"uuid" text NOT NULL,
	"name" text NOT NULL,
	"ignored_files" text,
	"disk" text DEFAULT 'wings' NOT NULL,
	"checksum" text,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"is_successful" boolean DEFAULT false NOT NULL,
	"is_locked" boolean DEFAULT false NOT NULL,
	"completed_at" timestamp,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	"backup_host_id" text,
	"node_id" text,
	"upload_id" text,
	"is_scheduled" boolean DEFAULT false NOT NULL,
	"failure" text,
	"deleted_at" timestamp,
	CONSTRAINT "server_backups_uuid_check" CHECK (uuid ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
	CONSTRAINT "server_backups_successful_check" CHECK (not is_successful or completed_at is not null)
);
--> statement-breakpoint
CREATE TABLE "server_databases" (
	"id" text PRIMARY KEY DEFAULT nextval('server_databases_id_seq')::text NOT NULL,
	"server_id" text NOT NULL,
	"database_host_id" text NOT NULL,
	"database" text NOT NULL,
	"username" text NOT NULL,
	"remote" text DEFAULT '%' NOT NULL,
	"password" text NOT NULL,
	"max_connections" integer,
	"provisioned_at" timestamp,
	"needs_rotation" boolean DEFAULT false NOT NULL,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "server_databases_id_check" CHECK (id ~ '^[1-9][0-9]{0,17}$')
);
--> statement-breakpoint
CREATE TABLE "server_folders" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL
);
--> statement-breakpoint
CREATE TABLE "server_limits" (
	"server_id" text PRIMARY KEY NOT NULL,
	"memory" integer,
	"memory_overallocate" integer,
	"disk" integer,
	"disk_overallocate" integer,
	"swap" integer,
	"io" integer,
	"cpu" integer,
	"threads" text,
	"oom_disabled" boolean DEFAULT true NOT NULL,
	"database_limit" integer,
	"allocation_limit" integer,
	"backup_limit" integer,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "server_limits_filled_check" CHECK (num_nulls(memory, disk, swap, io, cpu, backup_limit) = 0),
	CONSTRAINT "server_limits_range_check" CHECK (memory >= 0 and disk >= 0 and swap >= -1 and io between 0 and 1000 and cpu >= 0 and backup_limit >= 0 and (allocation_limit is null or allocation_limit >= 0) and (database_limit is null or database_limit >= 0)),
	CONSTRAINT "server_limits_unused_check" CHECK (memory_overallocate is null and disk_overallocate is null)
);
--> statement-breakpoint
CREATE TABLE "server_placements" (
	"user_id" text NOT NULL,
	"server_id" text NOT NULL,
	"folder_id" text,
	"position" integer DEFAULT 0 NOT NULL,
	"is_pinned" boolean DEFAULT false NOT NULL,
	"tags" text DEFAULT '[]' NOT NULL,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "server_placements_user_id_server_id_pk" PRIMARY KEY("user_id","server_id")
);
--> statement-breakpoint
CREATE TABLE "server_schedule_tasks" (
	"id" text PRIMARY KEY DEFAULT nextval('server_schedule_tasks_id_seq')::text NOT NULL,
	"schedule_id" text NOT NULL,
	"sequence_id" integer NOT NULL,
	"action" text NOT NULL,
	"payload" text DEFAULT '' NOT NULL,
	"time_offset" integer DEFAULT 0 NOT NULL,
	"continue_on_failure" boolean DEFAULT false NOT NULL,
	"is_queued" boolean DEFAULT false NOT NULL,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "server_schedule_tasks_id_check" CHECK (id ~ '^[1-9][0-9]{0,17}$'),
	CONSTRAINT "server_schedule_tasks_range_check" CHECK (sequence_id >= 1 and time_offset between 0 and 900)
);
--> statement-breakpoint
CREATE TABLE "server_schedules" (
	"id" text PRIMARY KEY DEFAULT nextval('server_schedules_id_seq')::text NOT NULL,
	"server_id" text NOT NULL,
	"name" text NOT NULL,
	"cron" text NOT NULL,
	"action" text NOT NULL,
	"next_run_at" timestamp,
	"last_run_at" timestamp,
	"enabled" boolean DEFAULT true NOT NULL,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	"time_zone" text DEFAULT 'UTC' NOT NULL,
	"only_when_online" boolean DEFAULT false NOT NULL,
	"is_processing" boolean DEFAULT false NOT NULL,
	"processing_since" timestamp,
	"missed_run_policy" text DEFAULT 'skip' NOT NULL,
	"last_run_status" text,
	CONSTRAINT "server_schedules_id_check" CHECK (id ~ '^[1-9][0-9]{0,17}$'),
	CONSTRAINT "server_schedules_processing_check" CHECK (is_processing = (processing_since is not null)),
	CONSTRAINT "server_schedules_missed_run_policy_check" CHECK (missed_run_policy in ('skip', 'run_once'))
);
--> statement-breakpoint
CREATE TABLE "server_subusers" (
	"id" text PRIMARY KEY DEFAULT nextval('server_subusers_id_seq')::text NOT NULL,
	"server_id" text NOT NULL,
	"user_id" text NOT NULL,
	"permissions" text NOT NULL,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "server_subusers_id_check" CHECK (id ~ '^[1-9][0-9]{0,17}$')
);
--> statement-breakpoint
CREATE TABLE "server_transfers" (
	"id" text PRIMARY KEY NOT NULL,
	"server_id" text NOT NULL,
	"source_node_id" text NOT NULL,
	"target_node_id" text NOT NULL,
	"source_allocation_id" text,
	"target_allocation_id" text,
	"source_additional" text DEFAULT '[]' NOT NULL,
	"target_additional" text DEFAULT '[]' NOT NULL,
	"backups" text DEFAULT '[]' NOT NULL,
	"status" text DEFAULT 'requested' NOT NULL,
	"started_by" text,
	"archived_at" timestamp,
	"finished_at" timestamp,
	"source_removed_at" timestamp,
	"reason" text,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "server_transfers_nodes_check" CHECK (source_node_id <> target_node_id),
	CONSTRAINT "server_transfers_status_check" CHECK (status in ('requested', 'running', 'succeeded', 'failed', 'cancelled') and (status in ('requested', 'running')) = (finished_at is null))
);
--> statement-breakpoint
CREATE TABLE "server_variables" (
	"server_id" text NOT NULL,
	"variable_id" text NOT NULL,
	"value" text NOT NULL,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "server_variables_server_id_variable_id_pk" PRIMARY KEY("server_id","variable_id")
);
--> statement-breakpoint
CREATE TABLE "servers" (
	"id" text PRIMARY KEY DEFAULT nextval('servers_id_seq')::text NOT NULL,
	"uuid" text NOT NULL,
	"identifier" text NOT NULL,
	"external_id" text,
	"name" text NOT NULL,
	"description" text,
	"status" text,
	"suspended" boolean DEFAULT false NOT NULL,
	"skip_scripts" boolean DEFAULT false NOT NULL,
	"owner_id" text,
	"node_id" text,
	"allocation_id" text,
	"nest_id" text,
	"egg_id" text,
	"startup" text,
	"image" text,
	"docker_image" text,
	"allocation_limit" integer,
	"database_limit" integer,
	"backup_limit" integer DEFAULT 0 NOT NULL,
	"oom_disabled" boolean DEFAULT true NOT NULL,
	"installed_at" timestamp,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	"previous_status" text,
	"status_changed_at" timestamp,
	"icon_id" text,
	"docker_labels" text DEFAULT '{}' NOT NULL,
	"crash_detection_enabled" boolean,
	"configuration_changed_at" timestamp,
	"sync_pending_since" timestamp,
	CONSTRAINT "servers_id_check" CHECK (id ~ '^[1-9][0-9]{0,17}$'),
	CONSTRAINT "servers_uuid_check" CHECK (uuid ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
	CONSTRAINT "servers_identifier_check" CHECK (identifier ~ '^[a-z0-9]{8}$'),
	CONSTRAINT "servers_status_check" CHECK (status in ('installing', 'install_failed', 'reinstall_failed', 'suspended', 'restoring_backup')),
	CONSTRAINT "servers_previous_status_check" CHECK (previous_status in ('installing', 'install_failed', 'reinstall_failed')),
	CONSTRAINT "servers_suspended_twin_check" CHECK (suspended = (status is not distinct from 'suspended')),
	CONSTRAINT "servers_image_twin_check" CHECK (docker_image is not distinct from image),
	CONSTRAINT "servers_filled_check" CHECK (num_nulls(owner_id, node_id, nest_id, egg_id, startup, docker_image, image) = 0),
	CONSTRAINT "servers_limits_check" CHECK (backup_limit >= 0 and (allocation_limit is null or allocation_limit >= 0) and (database_limit is null or database_limit >= 0))
);
--> statement-breakpoint
CREATE TABLE "session_metadata" (
	"session_token" text PRIMARY KEY NOT NULL,
	"first_seen_at" timestamp,
	"last_seen_at" timestamp,
	"ip_address" text,
	"user_agent" text,
	"device_name" text,
	"browser_name" text,
	"os_name" text
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"session_token" text NOT NULL,
	"user_id" text NOT NULL,
	"expires" timestamp NOT NULL,
	"expires_at" timestamp,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp,
	"updated_at" timestamp,
	"impersonated_by" text,
	CONSTRAINT "sessions_session_token_unique" UNIQUE("session_token"),
	CONSTRAINT "sessions_expires_twin_check" CHECK (expires_at is not distinct from expires)
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text,
	"secret" text,
	"updated_by" text,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "settings_value_check" CHECK (num_nonnulls(value, secret) = 1)
);
--> statement-breakpoint
CREATE TABLE "ssh_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"fingerprint" text NOT NULL,
	"public_key" text NOT NULL,
	"algorithm" text NOT NULL,
	"last_used_at" timestamp,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL
);
--> statement-breakpoint
CREATE TABLE "throttles" (
	"bucket" text NOT NULL,
	"subject" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"window_ends_at" timestamp NOT NULL,
	"locked_until" timestamp,
	CONSTRAINT "throttles_bucket_subject_pk" PRIMARY KEY("bucket","subject")
);
--> statement-breakpoint
CREATE TABLE "trusted_devices" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"token_hash" text NOT NULL,
	"device_name" text,
	"ip" text,
	"last_used_at" timestamp,
	"expires_at" timestamp NOT NULL,
	"created_at" timestamp NOT NULL
);
--> statement-breakpoint
CREATE TABLE "two_factor" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"secret" text,
	"backup_codes" text,
	"verified" boolean DEFAULT false NOT NULL,
	"failed_verification_count" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamp,
	"created_at" timestamp,
	"confirmed_at" timestamp,
	CONSTRAINT "two_factor_unused_check" CHECK (backup_codes is null)
);
--> statement-breakpoint
CREATE TABLE "user_quotas" (
	"user_id" text PRIMARY KEY NOT NULL,
	"servers" integer,
	"memory" integer,
	"disk" integer,
	"cpu" integer,
	"databases" integer,
	"backups" integer,
	"allocations" integer,
	"egg_ids" text,
	"node_ids" text,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user_roles" (
	"user_id" text NOT NULL,
	"role_id" text NOT NULL,
	"created_at" timestamp NOT NULL,
	CONSTRAINT "user_roles_user_id_role_id_pk" PRIMARY KEY("user_id","role_id")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY DEFAULT nextval('users_id_seq')::text NOT NULL,
	"username" text NOT NULL,
	"display_username" text,
	"email" text NOT NULL,
	"password" text NOT NULL,
	"name_first" text,
	"name_last" text,
	"language" text DEFAULT 'en' NOT NULL,
	"root_admin" boolean DEFAULT false NOT NULL,
	"role" text DEFAULT 'user' NOT NULL,
	"email_verified" timestamp,
	"image" text,
	"suspended" boolean DEFAULT false NOT NULL,
	"suspended_at" timestamp,
	"suspension_reason" text,
	"password_reset_required" boolean DEFAULT false NOT NULL,
	"banned" boolean,
	"ban_reason" text,
	"ban_expires" timestamp,
	"use_totp" boolean DEFAULT false NOT NULL,
	"totp_secret" text,
	"totp_authenticated_at" timestamp,
	"two_factor_enabled" boolean,
	"remember_token" text,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	"uuid" text DEFAULT gen_random_uuid()::text NOT NULL,
	"external_id" text,
	"time_zone" text DEFAULT 'UTC' NOT NULL,
	"preferences" text,
	"is_managed_externally" boolean DEFAULT false NOT NULL,
	"email_codes_enabled" boolean DEFAULT false NOT NULL,
	"password_changed_at" timestamp,
	"last_seen_at" timestamp,
	CONSTRAINT "users_id_check" CHECK (id ~ '^[1-9][0-9]{0,17}$'),
	CONSTRAINT "users_username_check" CHECK (username = lower(username) and length(username) between 1 and 191),
	CONSTRAINT "users_email_check" CHECK (email = lower(email)),
	CONSTRAINT "users_password_check" CHECK (password = ''),
	CONSTRAINT "users_role_check" CHECK (role in ('user', 'admin')),
	CONSTRAINT "users_root_admin_check" CHECK (not root_admin or role = 'admin'),
	CONSTRAINT "users_suspended_twin_check" CHECK (suspended = coalesce(banned, false)),
	CONSTRAINT "users_two_factor_twin_check" CHECK (use_totp = coalesce(two_factor_enabled, false)),
	CONSTRAINT "users_unused_check" CHECK (totp_secret is null and remember_token is null)
);
--> statement-breakpoint
CREATE TABLE "verifications" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp NOT NULL,
	"created_at" timestamp,
	"updated_at" timestamp
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"webhook_id" text NOT NULL,
	"event_id" text,
	"event" text NOT NULL,
	"payload" text NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"response_status" integer,
	"response_body" text,
	"failure" text,
	"duration_ms" integer,
	"finished_at" timestamp,
	"created_at" timestamp NOT NULL,
	CONSTRAINT "webhook_deliveries_status_check" CHECK (status in ('waiting', 'succeeded', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"id" text PRIMARY KEY NOT NULL,
	"scope" text NOT NULL,
	"server_id" text,
	"name" text NOT NULL,
	"description" text,
	"format" text DEFAULT 'json' NOT NULL,
	"url" text NOT NULL,
	"url_host" text NOT NULL,
	"events" text NOT NULL,
	"headers" text,
	"template" text,
	"signing_secret" text,
	"enabled" boolean DEFAULT true NOT NULL,
	"failures_in_row" integer DEFAULT 0 NOT NULL,
	"disabled_reason" text,
	"last_status" integer,
	"last_duration_ms" integer,
	"last_delivery_at" timestamp,
	"created_by" text,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	CONSTRAINT "webhooks_scope_check" CHECK (scope in ('global', 'server') and (scope = 'server') = (server_id is not null)),
	CONSTRAINT "webhooks_format_check" CHECK (format in ('json', 'discord'))
);
--> statement-breakpoint
CREATE TABLE "wings_nodes" (
	"id" text PRIMARY KEY DEFAULT nextval('wings_nodes_id_seq')::text NOT NULL,
	"uuid" text NOT NULL,
	"name" text NOT NULL,
	"description" text,
	"base_url" text NOT NULL,
	"fqdn" text NOT NULL,
	"scheme" text NOT NULL,
	"public" boolean DEFAULT true NOT NULL,
	"maintenance_mode" boolean DEFAULT false NOT NULL,
	"allow_insecure" boolean DEFAULT false NOT NULL,
	"behind_proxy" boolean DEFAULT false NOT NULL,
	"memory" integer NOT NULL,
	"memory_overallocate" integer DEFAULT 0 NOT NULL,
	"disk" integer NOT NULL,
	"disk_overallocate" integer DEFAULT 0 NOT NULL,
	"upload_size" integer DEFAULT 100 NOT NULL,
	"daemon_base" text NOT NULL,
	"daemon_listen" integer DEFAULT 8080 NOT NULL,
	"daemon_sftp" integer DEFAULT 2022 NOT NULL,
	"token_identifier" text NOT NULL,
	"token_secret" text NOT NULL,
	"api_token" text NOT NULL,
	"location_id" text,
	"last_seen_at" timestamp,
	"created_at" timestamp NOT NULL,
	"updated_at" timestamp NOT NULL,
	"connect_port" integer,
	"sftp_alias" text,
	"browser_route" text DEFAULT 'auto' NOT NULL,
	"flavour" text,
	"version" text,
	"system" text,
	"system_seen_at" timestamp,
	"previous_token_identifier" text,
	"previous_token_secret" text,
	"rotated_at" timestamp,
	"cpu" integer DEFAULT 0 NOT NULL,
	"cpu_overallocate" integer DEFAULT 0 NOT NULL,
	"negative_is_unlimited" boolean DEFAULT false NOT NULL,
	"tags" text DEFAULT '[]' NOT NULL,
	"unreachable_since" timestamp,
	"last_check" text,
	"configuration_pending_since" timestamp,
	CONSTRAINT "wings_nodes_id_check" CHECK (id ~ '^[1-9][0-9]{0,17}$'),
	CONSTRAINT "wings_nodes_scheme_check" CHECK (scheme in ('http', 'https')),
	CONSTRAINT "wings_nodes_browser_route_check" CHECK (browser_route in ('auto', 'direct', 'panel')),
	CONSTRAINT "wings_nodes_flavour_check" CHECK (flavour in ('pterodactyl', 'pelican')),
	CONSTRAINT "wings_nodes_ports_check" CHECK (daemon_listen between 1 and 65535 and daemon_sftp between 1 and 65535 and (connect_port is null or connect_port between 1 and 65535)),
	CONSTRAINT "wings_nodes_sizes_check" CHECK (memory >= 0 and disk >= 0 and cpu >= 0 and upload_size >= 0),
	CONSTRAINT "wings_nodes_overallocate_check" CHECK (memory_overallocate >= -1 and disk_overallocate >= -1 and cpu_overallocate >= -1),
	CONSTRAINT "wings_nodes_previous_token_check" CHECK (num_nulls(previous_token_identifier, previous_token_secret, rotated_at) in (0, 3))
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcement_dismissals" ADD CONSTRAINT "announcement_dismissals_announcement_id_announcements_id_fk" FOREIGN KEY ("announcement_id") REFERENCES "public"."announcements"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcement_dismissals" ADD CONSTRAINT "announcement_dismissals_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "announcements" ADD CONSTRAINT "announcements_node_id_wings_nodes_id_fk" FOREIGN KEY ("node_id") REFERENCES "public"."wings_nodes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "apikey" ADD CONSTRAINT "apikey_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "apikey" ADD CONSTRAINT "apikey_node_id_wings_nodes_id_fk" FOREIGN KEY ("node_id") REFERENCES "public"."wings_nodes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_subjects" ADD CONSTRAINT "audit_subjects_event_id_audit_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."audit_events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backup_host_nodes" ADD CONSTRAINT "backup_host_nodes_backup_host_id_backup_hosts_id_fk" FOREIGN KEY ("backup_host_id") REFERENCES "public"."backup_hosts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backup_host_nodes" ADD CONSTRAINT "backup_host_nodes_node_id_wings_nodes_id_fk" FOREIGN KEY ("node_id") REFERENCES "public"."wings_nodes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "database_host_nodes" ADD CONSTRAINT "database_host_nodes_database_host_id_database_hosts_id_fk" FOREIGN KEY ("database_host_id") REFERENCES "public"."database_hosts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "database_host_nodes" ADD CONSTRAINT "database_host_nodes_node_id_wings_nodes_id_fk" FOREIGN KEY ("node_id") REFERENCES "public"."wings_nodes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "egg_variables" ADD CONSTRAINT "egg_variables_egg_id_eggs_id_fk" FOREIGN KEY ("egg_id") REFERENCES "public"."eggs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "eggs" ADD CONSTRAINT "eggs_nest_id_nests_id_fk" FOREIGN KEY ("nest_id") REFERENCES "public"."nests"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "eggs" ADD CONSTRAINT "eggs_copy_script_from_eggs_id_fk" FOREIGN KEY ("copy_script_from") REFERENCES "public"."eggs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "eggs" ADD CONSTRAINT "eggs_config_from_eggs_id_fk" FOREIGN KEY ("config_from") REFERENCES "public"."eggs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "eggs" ADD CONSTRAINT "eggs_icon_id_images_id_fk" FOREIGN KEY ("icon_id") REFERENCES "public"."images"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "eggs" ADD CONSTRAINT "eggs_source_id_egg_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."egg_sources"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_run_id_import_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."import_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mount_eggs" ADD CONSTRAINT "mount_eggs_mount_id_mounts_id_fk" FOREIGN KEY ("mount_id") REFERENCES "public"."mounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mount_eggs" ADD CONSTRAINT "mount_eggs_egg_id_eggs_id_fk" FOREIGN KEY ("egg_id") REFERENCES "public"."eggs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mount_nodes" ADD CONSTRAINT "mount_nodes_mount_id_mounts_id_fk" FOREIGN KEY ("mount_id") REFERENCES "public"."mounts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mount_nodes" ADD CONSTRAINT "mount_nodes_node_id_wings_nodes_id_fk" FOREIGN KEY ("node_id") REFERENCES "public"."wings_nodes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mount_servers" ADD CONSTRAINT "mount_servers_mount_id_mounts_id_fk" FOREIGN KEY ("mount_id") REFERENCES "public"."mounts"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mount_servers" ADD CONSTRAINT "mount_servers_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "node_metrics" ADD CONSTRAINT "node_metrics_node_id_wings_nodes_id_fk" FOREIGN KEY ("node_id") REFERENCES "public"."wings_nodes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_preferences" ADD CONSTRAINT "notification_preferences_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_preferences" ADD CONSTRAINT "notification_preferences_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_node_id_wings_nodes_id_fk" FOREIGN KEY ("node_id") REFERENCES "public"."wings_nodes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "one_time_tokens" ADD CONSTRAINT "one_time_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "permission_presets" ADD CONSTRAINT "permission_presets_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_grants" ADD CONSTRAINT "role_grants_role_id_roles_id_fk" FOREIGN KEY ("role_id") REFERENCES "public"."roles"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_nodes" ADD CONSTRAINT "role_nodes_role_id_roles_id_fk" FOREIGN KEY ("role_id") REFERENCES "public"."roles"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_nodes" ADD CONSTRAINT "role_nodes_node_id_wings_nodes_id_fk" FOREIGN KEY ("node_id") REFERENCES "public"."wings_nodes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedule_run_tasks" ADD CONSTRAINT "schedule_run_tasks_run_id_schedule_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."schedule_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "schedule_runs" ADD CONSTRAINT "schedule_runs_schedule_id_server_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."server_schedules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_allocations" ADD CONSTRAINT "server_allocations_node_id_wings_nodes_id_fk" FOREIGN KEY ("node_id") REFERENCES "public"."wings_nodes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_allocations" ADD CONSTRAINT "server_allocations_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_backups" ADD CONSTRAINT "server_backups_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_backups" ADD CONSTRAINT "server_backups_backup_host_id_backup_hosts_id_fk" FOREIGN KEY ("backup_host_id") REFERENCES "public"."backup_hosts"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_backups" ADD CONSTRAINT "server_backups_node_id_wings_nodes_id_fk" FOREIGN KEY ("node_id") REFERENCES "public"."wings_nodes"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_databases" ADD CONSTRAINT "server_databases_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_databases" ADD CONSTRAINT "server_databases_database_host_id_database_hosts_id_fk" FOREIGN KEY ("database_host_id") REFERENCES "public"."database_hosts"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_folders" ADD CONSTRAINT "server_folders_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_limits" ADD CONSTRAINT "server_limits_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_placements" ADD CONSTRAINT "server_placements_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_placements" ADD CONSTRAINT "server_placements_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_placements" ADD CONSTRAINT "server_placements_folder_id_server_folders_id_fk" FOREIGN KEY ("folder_id") REFERENCES "public"."server_folders"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_schedule_tasks" ADD CONSTRAINT "server_schedule_tasks_schedule_id_server_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."server_schedules"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_schedules" ADD CONSTRAINT "server_schedules_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_subusers" ADD CONSTRAINT "server_subusers_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_subusers" ADD CONSTRAINT "server_subusers_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_transfers" ADD CONSTRAINT "server_transfers_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_transfers" ADD CONSTRAINT "server_transfers_source_node_id_wings_nodes_id_fk" FOREIGN KEY ("source_node_id") REFERENCES "public"."wings_nodes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_transfers" ADD CONSTRAINT "server_transfers_target_node_id_wings_nodes_id_fk" FOREIGN KEY ("target_node_id") REFERENCES "public"."wings_nodes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_variables" ADD CONSTRAINT "server_variables_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_variables" ADD CONSTRAINT "server_variables_variable_id_egg_variables_id_fk" FOREIGN KEY ("variable_id") REFERENCES "public"."egg_variables"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "servers_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "servers_node_id_wings_nodes_id_fk" FOREIGN KEY ("node_id") REFERENCES "public"."wings_nodes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "servers_allocation_id_server_allocations_id_fk" FOREIGN KEY ("allocation_id") REFERENCES "public"."server_allocations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "servers_nest_id_nests_id_fk" FOREIGN KEY ("nest_id") REFERENCES "public"."nests"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "servers_egg_id_eggs_id_fk" FOREIGN KEY ("egg_id") REFERENCES "public"."eggs"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "servers_icon_id_images_id_fk" FOREIGN KEY ("icon_id") REFERENCES "public"."images"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session_metadata" ADD CONSTRAINT "session_metadata_session_token_sessions_session_token_fk" FOREIGN KEY ("session_token") REFERENCES "public"."sessions"("session_token") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_impersonated_by_users_id_fk" FOREIGN KEY ("impersonated_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ssh_keys" ADD CONSTRAINT "ssh_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trusted_devices" ADD CONSTRAINT "trusted_devices_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "two_factor" ADD CONSTRAINT "two_factor_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_quotas" ADD CONSTRAINT "user_quotas_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_roles" ADD CONSTRAINT "user_roles_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_roles" ADD CONSTRAINT "user_roles_role_id_roles_id_fk" FOREIGN KEY ("role_id") REFERENCES "public"."roles"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_image_images_id_fk" FOREIGN KEY ("image") REFERENCES "public"."images"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_id_webhooks_id_fk" FOREIGN KEY ("webhook_id") REFERENCES "public"."webhooks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_server_id_servers_id_fk" FOREIGN KEY ("server_id") REFERENCES "public"."servers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wings_nodes" ADD CONSTRAINT "wings_nodes_location_id_locations_id_fk" FOREIGN KEY ("location_id") REFERENCES "public"."locations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_provider_provider_account_id_index" ON "accounts" USING btree ("provider","provider_account_id");--> statement-breakpoint
CREATE INDEX "accounts_user_id_index" ON "accounts" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "announcement_dismissals_user_id_index" ON "announcement_dismissals" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "announcements_node_id_index" ON "announcements" USING btree ("node_id");--> statement-breakpoint
CREATE INDEX "api_key_user_id_index" ON "apikey" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_identifier_unique" ON "apikey" USING btree ("identifier");--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_key_unique" ON "apikey" USING btree ("key");--> statement-breakpoint
CREATE INDEX "api_key_node_id_index" ON "apikey" USING btree ("node_id") WHERE node_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "audit_events_occurred_id" ON "audit_events" USING btree ("occurred_at","id");--> statement-breakpoint
CREATE INDEX "audit_events_actor_index" ON "audit_events" USING btree ("actor");--> statement-breakpoint
CREATE INDEX "audit_events_action_index" ON "audit_events" USING btree ("action");--> statement-breakpoint
CREATE INDEX "audit_events_occurred_at_index" ON "audit_events" USING btree ("occurred_at");--> statement-breakpoint
CREATE INDEX "audit_events_server_id_index" ON "audit_events" USING btree ("server_id","id" DESC NULLS FIRST) WHERE server_id is not null;--> statement-breakpoint
CREATE INDEX "audit_events_target_index" ON "audit_events" USING btree ("target_type","target_id","id" DESC NULLS FIRST) WHERE target_type <> 'server';--> statement-breakpoint
CREATE UNIQUE INDEX "audit_events_dedupe_key_unique" ON "audit_events" USING btree ("dedupe_key") WHERE dedupe_key is not null;--> statement-breakpoint
CREATE INDEX "audit_subjects_subject_index" ON "audit_subjects" USING btree ("type","id","event_id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "backup_host_nodes_node_id_index" ON "backup_host_nodes" USING btree ("node_id");--> statement-breakpoint
CREATE UNIQUE INDEX "backup_hosts_name_unique" ON "backup_hosts" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "backup_hosts_default_unique" ON "backup_hosts" USING btree ("is_default") WHERE is_default;--> statement-breakpoint
CREATE INDEX "database_host_nodes_node_id_index" ON "database_host_nodes" USING btree ("node_id");--> statement-breakpoint
CREATE UNIQUE INDEX "egg_sources_url_unique" ON "egg_sources" USING btree ("url");--> statement-breakpoint
CREATE UNIQUE INDEX "egg_variables_egg_id_env_variable_unique" ON "egg_variables" USING btree ("egg_id","env_variable");--> statement-breakpoint
CREATE INDEX "eggs_nest_id_index" ON "eggs" USING btree ("nest_id");--> statement-breakpoint
CREATE INDEX "eggs_config_from_index" ON "eggs" USING btree ("config_from");--> statement-breakpoint
CREATE INDEX "eggs_copy_script_from_index" ON "eggs" USING btree ("copy_script_from");--> statement-breakpoint
CREATE UNIQUE INDEX "import_rows_table_name_target_id_unique" ON "import_rows" USING btree ("table_name","target_id");--> statement-breakpoint
CREATE INDEX "import_rows_run_id_index" ON "import_rows" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "import_runs_fingerprint_index" ON "import_runs" USING btree ("fingerprint","started_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE UNIQUE INDEX "locations_short_unique" ON "locations" USING btree ("short");--> statement-breakpoint
CREATE INDEX "mails_user_id_index" ON "mails" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "mails_created_at_index" ON "mails" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "mount_eggs_egg_id_index" ON "mount_eggs" USING btree ("egg_id");--> statement-breakpoint
CREATE INDEX "mount_nodes_node_id_index" ON "mount_nodes" USING btree ("node_id");--> statement-breakpoint
CREATE INDEX "mount_servers_server_id_index" ON "mount_servers" USING btree ("server_id");--> statement-breakpoint
CREATE UNIQUE INDEX "mounts_uuid_unique" ON "mounts" USING btree ("uuid");--> statement-breakpoint
CREATE UNIQUE INDEX "mounts_name_unique" ON "mounts" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "notification_preferences_user_kind_unique" ON "notification_preferences" USING btree ("user_id","kind") WHERE server_id is null;--> statement-breakpoint
CREATE UNIQUE INDEX "notification_preferences_server_user_kind_unique" ON "notification_preferences" USING btree ("server_id","user_id","kind") WHERE server_id is not null;--> statement-breakpoint
CREATE INDEX "notification_preferences_user_id_index" ON "notification_preferences" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "notifications_user_id_index" ON "notifications" USING btree ("user_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "notifications_unread_index" ON "notifications" USING btree ("user_id") WHERE read_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "notifications_user_id_dedupe_key_unique" ON "notifications" USING btree ("user_id","dedupe_key") WHERE dedupe_key is not null;--> statement-breakpoint
CREATE INDEX "notifications_server_id_index" ON "notifications" USING btree ("server_id");--> statement-breakpoint
CREATE INDEX "notifications_node_id_index" ON "notifications" USING btree ("node_id");--> statement-breakpoint
CREATE INDEX "notifications_created_at_index" ON "notifications" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "one_time_tokens_token_hash_unique" ON "one_time_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "one_time_tokens_user_id_purpose_index" ON "one_time_tokens" USING btree ("user_id","purpose");--> statement-breakpoint
CREATE INDEX "one_time_tokens_expires_at_index" ON "one_time_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "passkeys_credential_id_unique" ON "passkeys" USING btree ("credential_id");--> statement-breakpoint
CREATE INDEX "passkeys_user_id_index" ON "passkeys" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "permission_presets_user_id_name_unique" ON "permission_presets" USING btree ("user_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "permission_presets_name_unique" ON "permission_presets" USING btree ("name") WHERE user_id is null;--> statement-breakpoint
CREATE UNIQUE INDEX "recovery_codes_user_id_code_hash_unique" ON "recovery_codes" USING btree ("user_id","code_hash");--> statement-breakpoint
CREATE INDEX "role_nodes_node_id_index" ON "role_nodes" USING btree ("node_id");--> statement-breakpoint
CREATE UNIQUE INDEX "roles_name_unique" ON "roles" USING btree ("name");--> statement-breakpoint
CREATE INDEX "schedule_runs_schedule_id_index" ON "schedule_runs" USING btree ("schedule_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "schedule_runs_started_at_index" ON "schedule_runs" USING btree ("started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "server_allocations_unique" ON "server_allocations" USING btree ("node_id","ip","port");--> statement-breakpoint
CREATE INDEX "server_allocations_server_id_index" ON "server_allocations" USING btree ("server_id");--> statement-breakpoint
CREATE UNIQUE INDEX "server_allocations_primary_unique" ON "server_allocations" USING btree ("server_id") WHERE is_primary;--> statement-breakpoint
CREATE INDEX "server_allocations_free_index" ON "server_allocations" USING btree ("node_id","ip","port") WHERE server_id is null;--> statement-breakpoint
CREATE INDEX "server_allocations_ip_index" ON "server_allocations" USING btree ("ip","port");--> statement-breakpoint
CREATE INDEX "server_allocations_number_index" ON "server_allocations" USING btree ("node_id",(id::bigint));--> statement-breakpoint
CREATE UNIQUE INDEX "server_backups_uuid_unique" ON "server_backups" USING btree ("uuid");--> statement-breakpoint
CREATE INDEX "server_backups_server_id_index" ON "server_backups" USING btree ("server_id");--> statement-breakpoint
CREATE INDEX "server_backups_running_index" ON "server_backups" USING btree ("created_at") WHERE completed_at is null;--> statement-breakpoint
CREATE INDEX "server_backups_deleted_at_index" ON "server_backups" USING btree ("deleted_at") WHERE deleted_at is not null;--> statement-breakpoint
CREATE INDEX "server_backups_backup_host_id_index" ON "server_backups" USING btree ("backup_host_id");--> statement-breakpoint
CREATE INDEX "server_backups_node_id_index" ON "server_backups" USING btree ("node_id");--> statement-breakpoint
CREATE UNIQUE INDEX "server_databases_host_database_unique" ON "server_databases" USING btree ("database_host_id","database");--> statement-breakpoint
CREATE UNIQUE INDEX "server_databases_host_username_unique" ON "server_databases" USING btree ("database_host_id","username");--> statement-breakpoint
CREATE INDEX "server_databases_server_id_index" ON "server_databases" USING btree ("server_id");--> statement-breakpoint
CREATE INDEX "server_databases_unprovisioned_index" ON "server_databases" USING btree ("created_at") WHERE provisioned_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "server_folders_user_id_name_unique" ON "server_folders" USING btree ("user_id","name");--> statement-breakpoint
CREATE INDEX "server_placements_server_id_index" ON "server_placements" USING btree ("server_id");--> statement-breakpoint
CREATE INDEX "server_placements_folder_id_index" ON "server_placements" USING btree ("folder_id");--> statement-breakpoint
CREATE INDEX "server_schedule_tasks_schedule_id_sequence_id_index" ON "server_schedule_tasks" USING btree ("schedule_id","sequence_id");--> statement-breakpoint
CREATE INDEX "server_schedules_enabled_next_run_index" ON "server_schedules" USING btree ("enabled","next_run_at");--> statement-breakpoint
CREATE INDEX "server_schedules_server_id_index" ON "server_schedules" USING btree ("server_id");--> statement-breakpoint
CREATE INDEX "server_schedules_processing_index" ON "server_schedules" USING btree ("processing_since") WHERE is_processing;--> statement-breakpoint
CREATE UNIQUE INDEX "server_subusers_server_user_unique" ON "server_subusers" USING btree ("server_id","user_id");--> statement-breakpoint
CREATE INDEX "server_subusers_user_id_index" ON "server_subusers" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "server_transfers_open_unique" ON "server_transfers" USING btree ("server_id") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "server_transfers_server_id_index" ON "server_transfers" USING btree ("server_id");--> statement-breakpoint
CREATE INDEX "server_transfers_source_node_id_index" ON "server_transfers" USING btree ("source_node_id");--> statement-breakpoint
CREATE INDEX "server_transfers_target_node_id_index" ON "server_transfers" USING btree ("target_node_id");--> statement-breakpoint
CREATE INDEX "server_transfers_leftover_index" ON "server_transfers" USING btree ("finished_at") WHERE status = 'succeeded' and source_removed_at is null;--> statement-breakpoint
CREATE INDEX "server_variables_variable_id_index" ON "server_variables" USING btree ("variable_id");--> statement-breakpoint
CREATE UNIQUE INDEX "servers_uuid_unique" ON "servers" USING btree ("uuid");--> statement-breakpoint
CREATE UNIQUE INDEX "servers_identifier_unique" ON "servers" USING btree ("identifier");--> statement-breakpoint
CREATE UNIQUE INDEX "servers_external_id_unique" ON "servers" USING btree ("external_id");--> statement-breakpoint
CREATE INDEX "servers_owner_id_index" ON "servers" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "servers_node_id_index" ON "servers" USING btree ("node_id");--> statement-breakpoint
CREATE INDEX "servers_status_index" ON "servers" USING btree ("status");--> statement-breakpoint
CREATE UNIQUE INDEX "servers_allocation_id_unique" ON "servers" USING btree ("allocation_id");--> statement-breakpoint
CREATE INDEX "servers_egg_id_index" ON "servers" USING btree ("egg_id");--> statement-breakpoint
CREATE INDEX "servers_nest_id_index" ON "servers" USING btree ("nest_id");--> statement-breakpoint
CREATE INDEX "servers_number_index" ON "servers" USING btree ((id::bigint));--> statement-breakpoint
CREATE INDEX "servers_sync_pending_since_index" ON "servers" USING btree ("sync_pending_since") WHERE sync_pending_since is not null;--> statement-breakpoint
CREATE INDEX "servers_icon_id_index" ON "servers" USING btree ("icon_id") WHERE icon_id is not null;--> statement-breakpoint
CREATE INDEX "session_metadata_last_seen_index" ON "session_metadata" USING btree ("last_seen_at");--> statement-breakpoint
CREATE INDEX "sessions_user_id_index" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_expires_index" ON "sessions" USING btree ("expires");--> statement-breakpoint
CREATE INDEX "sessions_token_index" ON "sessions" USING btree ("session_token");--> statement-breakpoint
CREATE INDEX "sessions_impersonated_by_index" ON "sessions" USING btree ("impersonated_by") WHERE impersonated_by is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "ssh_keys_user_id_fingerprint_unique" ON "ssh_keys" USING btree ("user_id","fingerprint");--> statement-breakpoint
CREATE INDEX "throttles_window_ends_at_index" ON "throttles" USING btree ("window_ends_at");--> statement-breakpoint
CREATE UNIQUE INDEX "trusted_devices_token_hash_unique" ON "trusted_devices" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "trusted_devices_user_id_index" ON "trusted_devices" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "trusted_devices_expires_at_index" ON "trusted_devices" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "two_factor_secret_idx" ON "two_factor" USING btree ("secret");--> statement-breakpoint
CREATE INDEX "two_factor_user_id_idx" ON "two_factor" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "two_factor_user_id_unique" ON "two_factor" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "user_roles_role_id_index" ON "user_roles" USING btree ("role_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_username_unique" ON "users" USING btree ("username");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_unique" ON "users" USING btree ("email");--> statement-breakpoint
CREATE INDEX "users_role_index" ON "users" USING btree ("role");--> statement-breakpoint
CREATE UNIQUE INDEX "users_uuid_unique" ON "users" USING btree ("uuid");--> statement-breakpoint
CREATE UNIQUE INDEX "users_external_id_unique" ON "users" USING btree ("external_id");--> statement-breakpoint
CREATE INDEX "users_number_index" ON "users" USING btree ((id::bigint));--> statement-breakpoint
CREATE INDEX "users_image_index" ON "users" USING btree ("image") WHERE image is not null;--> statement-breakpoint
CREATE INDEX "users_ban_expires_index" ON "users" USING btree ("ban_expires") WHERE ban_expires is not null;--> statement-breakpoint
CREATE INDEX "verifications_identifier_index" ON "verifications" USING btree ("identifier");--> statement-breakpoint
CREATE INDEX "verifications_expires_at_index" ON "verifications" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_webhook_id_index" ON "webhook_deliveries" USING btree ("webhook_id","id" DESC NULLS FIRST);--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_deliveries_webhook_event_unique" ON "webhook_deliveries" USING btree ("webhook_id","event_id") WHERE event_id is not null;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_created_at_index" ON "webhook_deliveries" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "webhooks_server_id_index" ON "webhooks" USING btree ("server_id");--> statement-breakpoint
CREATE UNIQUE INDEX "wings_nodes_base_url_unique" ON "wings_nodes" USING btree ("base_url");--> statement-breakpoint
CREATE UNIQUE INDEX "wings_nodes_uuid_unique" ON "wings_nodes" USING btree ("uuid");--> statement-breakpoint
CREATE UNIQUE INDEX "wings_nodes_token_identifier_unique" ON "wings_nodes" USING btree ("token_identifier");--> statement-breakpoint
CREATE UNIQUE INDEX "wings_nodes_previous_token_identifier_unique" ON "wings_nodes" USING btree ("previous_token_identifier") WHERE previous_token_identifier is not null;--> statement-breakpoint
CREATE INDEX "wings_nodes_location_id_index" ON "wings_nodes" USING btree ("location_id");