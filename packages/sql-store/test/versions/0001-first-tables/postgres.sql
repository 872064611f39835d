create table if not exists "public"."latchkey_migrations" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null);

create table if not exists "public"."latchkey_migration_lock" ("id" varchar(255) not null primary key, "is_locked" integer default 0 not null);

create table if not exists "latchkey_users" ("id" text collate "C" not null, "email" text collate "C", "email_as_typed" text, "email_verified_at" timestamptz(3), "username" text collate "C", "username_as_typed" text, "phone" text collate "C", "phone_verified_at" timestamptz(3), "password_hash" text, "roles" jsonb not null, "status" text collate "C" not null, "credential_epoch" integer not null, "claims_version" integer not null, "failed_logins" integer not null, "locked_until" timestamptz(3), "leaving_admin" boolean not null, "delete_after" timestamptz(3), "profile" jsonb not null, "created_at" timestamptz(3) not null, "updated_at" timestamptz(3) not null, "version" integer not null, "changed_at" timestamptz, constraint "latchkey_users_pkey" primary key ("id"));

create unique index if not exists "latchkey_users_email" on "latchkey_users" ("email");

create unique index if not exists "latchkey_users_username" on "latchkey_users" ("username");

create unique index if not exists "latchkey_users_phone" on "latchkey_users" ("phone");

create index if not exists "latchkey_users_roles"
      on "latchkey_users" using gin (roles) where status = 'active';

create index if not exists "latchkey_users_pending"
      on "latchkey_users" (updated_at) where status = 'pending';

create index if not exists "latchkey_users_deleted"
      on "latchkey_users" (updated_at) where status = 'deleted';

create index if not exists "latchkey_users_changed"
      on "latchkey_users" (changed_at) where changed_at is not null;

create table if not exists "latchkey_sessions" ("id" text collate "C" not null, "user_id" text collate "C" not null, "salt" text not null, "generation" integer not null, "parent_generation" integer, "recent" jsonb not null, "confirmed_generation" integer not null, "burnt_below" integer not null, "credential_epoch" integer not null, "auth_time" timestamptz(3) not null, "amr" jsonb not null, "actor_id" text collate "C", "device" jsonb not null, "created_at" timestamptz(3) not null, "last_seen_at" timestamptz(3) not null, "idle_expires_at" timestamptz(3) not null, "absolute_expires_at" timestamptz(3) not null, "revoked_at" timestamptz(3), "revoked_reason" text, "changed_at" timestamptz, constraint "latchkey_sessions_pkey" primary key ("id"));

create index if not exists "latchkey_sessions_live"
      on "latchkey_sessions" (user_id, created_at desc, id desc) where revoked_at is null;

create index if not exists "latchkey_sessions_revoked"
      on "latchkey_sessions" (revoked_at) where revoked_at is not null;

create index if not exists "latchkey_sessions_idle"
      on "latchkey_sessions" (idle_expires_at);

create index if not exists "latchkey_sessions_absolute"
      on "latchkey_sessions" (absolute_expires_at);

create index if not exists "latchkey_sessions_changed"
      on "latchkey_sessions" (changed_at) where changed_at is not null;

create table if not exists "latchkey_one_time_tokens" ("id" text collate "C" not null, "user_id" text collate "C" not null, "purpose" text collate "C" not null, "slot" text collate "C" not null, "channel" text not null, "link_hash" text collate "C" not null, "code_hash" text, "code_expires_at" timestamptz(3), "attempts_left" integer not null, "proves" text not null, "credential_epoch" integer not null, "created_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, "data" jsonb not null, constraint "latchkey_one_time_tokens_pkey" primary key ("user_id", "purpose", "slot"));

create unique index if not exists "latchkey_one_time_tokens_link" on "latchkey_one_time_tokens" ("link_hash");

create index if not exists "latchkey_one_time_tokens_expiry"
      on "latchkey_one_time_tokens" (expires_at);

create table if not exists "latchkey_events" ("id" text collate "C" not null, "at" timestamptz(3) not null, "type" text not null, "outcome" text not null, "user_id" text collate "C", "actor_id" text collate "C", "session_id" text collate "C", "ip" text, "user_agent" text, "data" jsonb not null, constraint "latchkey_events_pkey" primary key ("id"));

create index if not exists "latchkey_events_page"
      on "latchkey_events" (at desc, id desc);

create index if not exists "latchkey_events_user"
      on "latchkey_events" (user_id, at desc, id desc);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac5-b47b-7378-abed-50b6a36a377e', 'ada.lovelace@example.com', 'Ada.Lovelace@example.com', '2030-01-01 00:00:00.123+00', 'ada-l', 'Ada-L', '+4915112345678', '2030-02-28 23:59:59.999+00', '$argon2id$v=19$m=8,t=1,p=1$H7QZWNXnVsU5bHtHdq75FQ$IlJqKOx720C0icbaPiRZ2EWZUVCE5JD6Ahi9dXwGvEQ', '["user"]', 'active', '1', '0', '1', NULL, 'false', NULL, E'{"n": 0.1, "💡": ["𝔸𝖉𝒂", "\\\\ '' \\" ; --\\n\\ttab"], "nested": {"null": null, "true": true}}', '2030-01-01 00:00:00.123+00', '2030-01-01 00:00:00.123+00', '3', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-7186-9bc7-1ddd396ccef8', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["user"]', 'deleted', '1', '0', '0', NULL, 'false', NULL, '{}', '2030-01-01 00:01:00.123+00', '2030-02-28 23:59:59.999+00', '2', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-7233-8fe6-7b132a58cfa8', 'admin@example.com', 'admin@example.com', NULL, 'admin-person', 'admin-person', NULL, NULL, '$argon2id$v=19$m=8,t=1,p=1$1yS2B28QFZ30l/NiM2zP/A$8IU7lKqecpJdfg7INNIU4tlKXmIGf4zPnVYRDtaqEJs', '["admin", "user"]', 'active', '0', '1', '0', NULL, 'true', NULL, '{}', '2030-01-01 00:01:00.123+00', '2030-01-01 00:01:00.123+00', '2', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-73e3-b548-16dd444a5f07', 'disabled@example.com', 'disabled@example.com', NULL, 'disabled-person', 'disabled-person', NULL, NULL, '$argon2id$v=19$m=8,t=1,p=1$FgKIxETqin4HVlupArqUDQ$fqOF6BPCnF/kyakWFyZ3oDzDKUGI9vcAtvzTDFCElqs', '[]', 'disabled', '1', '0', '0', NULL, 'false', '2030-02-28 23:59:59.999+00', '{}', '2030-01-01 00:01:00.123+00', '2030-01-01 00:01:00.123+00', '2', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-7702-b475-87704d77653a', 'grace@example.com', 'grace@example.com', NULL, 'grace', 'grace', NULL, NULL, NULL, '["user"]', 'pending', '0', '0', '0', NULL, 'false', NULL, '{}', '2030-01-01 00:01:00.123+00', '2030-01-01 00:01:00.123+00', '1', NULL);

insert into latchkey_sessions (id, user_id, salt, generation, parent_generation, recent, confirmed_generation, burnt_below, credential_epoch, auth_time, amr, actor_id, device, created_at, last_seen_at, idle_expires_at, absolute_expires_at, revoked_at, revoked_reason, changed_at) values ('01b8dac5-b47b-77fb-9624-b2777332e2e5', '01b8dac5-b47b-7378-abed-50b6a36a377e', 'xD26Zwn7TJgXrw-OBmaEjw', '1', NULL, '[]', '0', '0', '1', '2030-01-01 00:00:00.123+00', '["pwd"]', NULL, E'{"ip": "2001:db8::1", "name": "Adas 💡 ''Telefon'' \\\\ 📱", "userAgent": "Браузер/1.0 💡"}', '2030-01-01 00:00:00.123+00', '2030-01-01 00:00:00.123+00', '2030-01-08 00:00:00.123+00', '2030-01-31 00:00:00.123+00', '2030-01-01 00:00:00.123+00', 'logout', '2030-01-01 00:00:00.123+00');

insert into latchkey_sessions (id, user_id, salt, generation, parent_generation, recent, confirmed_generation, burnt_below, credential_epoch, auth_time, amr, actor_id, device, created_at, last_seen_at, idle_expires_at, absolute_expires_at, revoked_at, revoked_reason, changed_at) values ('01b8dac6-9edb-7f84-9497-e882d63b649c', '01b8dac5-b47b-7378-abed-50b6a36a377e', 'AWrTpLj45ERE8WaEHQlmZA', '2', '1', '[{"at": 1893456060123, "generation": 1}]', '1', '0', '1', '2030-01-01 00:01:00.123+00', '["pwd"]', NULL, E'{"ip": "2001:db8::1", "name": "Adas 💡 ''Telefon'' \\\\ 📱", "userAgent": "Браузер/1.0 💡"}', '2030-01-01 00:01:00.123+00', '2030-01-01 00:01:00.123+00', '2030-01-08 00:01:00.123+00', '2030-01-31 00:01:00.123+00', NULL, NULL, NULL);

insert into latchkey_one_time_tokens (id, user_id, purpose, slot, channel, link_hash, code_hash, code_expires_at, attempts_left, proves, credential_epoch, created_at, expires_at, data) values ('01b8dac6-9edb-7199-ae10-4ad463c37fc5', '01b8dac5-b47b-7378-abed-50b6a36a377e', 'reset_password', '', 'email', 'Qvbw4-8b1dv7w4ok_iy7VMgZF9bkiZkZwbGsjGmrvkg', 'EJty-psh4SMd-JbyR8HHxXTKt0Ym1z0rkpniF28FWpo', '2030-01-01 00:11:00.123+00', '5', 'ada.lovelace@example.com', '1', '2030-01-01 00:01:00.123+00', '2030-01-01 00:31:00.123+00', '{}');

insert into latchkey_one_time_tokens (id, user_id, purpose, slot, channel, link_hash, code_hash, code_expires_at, attempts_left, proves, credential_epoch, created_at, expires_at, data) values ('01b8dac6-9edb-7412-b063-964759c5d3cb', '01b8dac6-9edb-7702-b475-87704d77653a', 'activate', '', 'email', 'inp9LA2lHb-ChjpVJ_xuStkA8gosM_TprjGk97BMRYk', 'IMQEg0Up50zDhfaIkUHirkzG3BPCqVIW-tmfQWM6boY', '2030-01-01 00:11:00.123+00', '5', 'grace@example.com', '0', '2030-01-01 00:01:00.123+00', '2030-01-02 00:01:00.123+00', '{"reserved": null, "username": "grace", "shownUntil": 1893542460123, "passwordHash": "$argon2id$v=19$m=8,t=1,p=1$Zc4Opwjr3pYtejcoercj9w$Y/P4Cy7Vu8UKy/779eY2DBoOb06KuabP9iB1eFEW0jk"}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac5-b47b-752f-83ad-36e4a736e361', '2030-01-01 00:00:00.123+00', 'session.started', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, '01b8dac5-b47b-77fb-9624-b2777332e2e5', '2001:db8::1', 'Браузер/1.0 💡', '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac5-b47b-7952-9f80-15b4cf9fa1dd', '2030-01-01 00:00:00.123+00', 'user.registered', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac5-b47b-7b3a-ab5e-d02ef7d89387', '2030-01-01 00:00:00.123+00', 'session.ended', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, '01b8dac5-b47b-77fb-9624-b2777332e2e5', NULL, NULL, '{"reason": "logout"}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac5-b47b-7e8f-a16d-796f96a35a14', '2030-01-01 00:00:00.123+00', 'user.activated', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7158-baaa-1653a6256476', '2030-01-01 00:01:00.123+00', 'user.created', 'success', '01b8dac6-9edb-7186-9bc7-1ddd396ccef8', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-742c-a4b5-da2d29be66a6', '2030-01-01 00:01:00.123+00', 'session.started', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, '01b8dac6-9edb-7f84-9497-e882d63b649c', '2001:db8::1', 'Браузер/1.0 💡', '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-771e-8eb3-8be61227d8ad', '2030-01-01 00:01:00.123+00', 'user.created', 'success', '01b8dac6-9edb-7233-8fe6-7b132a58cfa8', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-79e9-b3e5-324f1cecfc3d', '2030-01-01 00:01:00.123+00', 'user.created', 'success', '01b8dac6-9edb-73e3-b548-16dd444a5f07', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7bec-a1de-c9a662d69ea2', '2030-01-01 00:01:00.123+00', 'user.registered', 'success', '01b8dac6-9edb-7702-b475-87704d77653a', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7ca7-a7b4-423b5a7e048c', '2030-01-01 00:01:00.123+00', 'password.reset_requested', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7d47-8170-8b2f109538e1', '2030-01-01 00:01:00.123+00', 'login.failed', 'failure', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, NULL, NULL, NULL, '{"reason": "wrong_password"}');

insert into latchkey_migrations (name, timestamp) values ('0001-first-tables', '2026-11-21T06:14:14.876Z');

insert into latchkey_migration_lock (id, is_locked) values ('migration_lock', '0');
