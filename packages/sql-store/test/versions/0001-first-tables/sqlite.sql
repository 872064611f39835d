CREATE TABLE "latchkey_migrations" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null);

CREATE TABLE "latchkey_migration_lock" ("id" varchar(255) not null primary key, "is_locked" integer default 0 not null);

CREATE TABLE "latchkey_users" ("id" text not null, "email" text, "email_as_typed" text, "email_verified_at" integer, "username" text, "username_as_typed" text, "phone" text, "phone_verified_at" integer, "password_hash" text, "roles" text not null, "status" text not null, "credential_epoch" integer not null, "claims_version" integer not null, "failed_logins" integer not null, "locked_until" integer, "leaving_admin" integer not null, "delete_after" integer, "profile" text not null, "created_at" integer not null, "updated_at" integer not null, "version" integer not null, "changed_at" integer, constraint "latchkey_users_pkey" primary key ("id")) strict;

CREATE UNIQUE INDEX "latchkey_users_email" on "latchkey_users" ("email");

CREATE UNIQUE INDEX "latchkey_users_username" on "latchkey_users" ("username");

CREATE UNIQUE INDEX "latchkey_users_phone" on "latchkey_users" ("phone");

CREATE INDEX "latchkey_users_roles"
      on "latchkey_users" (roles) where status = 'active';

CREATE INDEX "latchkey_users_pending"
      on "latchkey_users" (updated_at) where status = 'pending';

CREATE INDEX "latchkey_users_deleted"
      on "latchkey_users" (updated_at) where status = 'deleted';

CREATE INDEX "latchkey_users_changed"
      on "latchkey_users" (changed_at) where changed_at is not null;

CREATE TABLE "latchkey_sessions" ("id" text not null, "user_id" text not null, "salt" text not null, "generation" integer not null, "parent_generation" integer, "recent" text not null, "confirmed_generation" integer not null, "burnt_below" integer not null, "credential_epoch" integer not null, "auth_time" integer not null, "amr" text not null, "actor_id" text, "device" text not null, "created_at" integer not null, "last_seen_at" integer not null, "idle_expires_at" integer not null, "absolute_expires_at" integer not null, "revoked_at" integer, "revoked_reason" text, "changed_at" integer, constraint "latchkey_sessions_pkey" primary key ("id")) strict;

CREATE INDEX "latchkey_sessions_live"
      on "latchkey_sessions" (user_id, created_at desc, id desc) where revoked_at is null;

CREATE INDEX "latchkey_sessions_revoked"
      on "latchkey_sessions" (revoked_at) where revoked_at is not null;

CREATE INDEX "latchkey_sessions_idle"
      on "latchkey_sessions" (idle_expires_at);

CREATE INDEX "latchkey_sessions_absolute"
      on "latchkey_sessions" (absolute_expires_at);

CREATE INDEX "latchkey_sessions_changed"
      on "latchkey_sessions" (changed_at) where changed_at is not null;

CREATE TABLE "latchkey_one_time_tokens" ("id" text not null, "user_id" text not null, "purpose" text not null, "slot" text not null, "channel" text not null, "link_hash" text not null, "code_hash" text, "code_expires_at" integer, "attempts_left" integer not null, "proves" text not null, "credential_epoch" integer not null, "created_at" integer not null, "expires_at" integer not null, "data" text not null, constraint "latchkey_one_time_tokens_pkey" primary key ("user_id", "purpose", "slot")) strict;

CREATE UNIQUE INDEX "latchkey_one_time_tokens_link" on "latchkey_one_time_tokens" ("link_hash");

CREATE INDEX "latchkey_one_time_tokens_expiry"
      on "latchkey_one_time_tokens" (expires_at);

CREATE TABLE "latchkey_events" ("id" text not null, "at" integer not null, "type" text not null, "outcome" text not null, "user_id" text, "actor_id" text, "session_id" text, "ip" text, "user_agent" text, "data" text not null, constraint "latchkey_events_pkey" primary key ("id")) strict;

CREATE INDEX "latchkey_events_page"
      on "latchkey_events" (at desc, id desc);

CREATE INDEX "latchkey_events_user"
      on "latchkey_events" (user_id, at desc, id desc);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac5-b47b-7378-abed-50b6a36a377e', 'ada.lovelace@example.com', 'Ada.Lovelace@example.com', 1893456000123, 'ada-l', 'Ada-L', '+4915112345678', 1898553599999, '$argon2id$v=19$m=8,t=1,p=1$H7QZWNXnVsU5bHtHdq75FQ$IlJqKOx720C0icbaPiRZ2EWZUVCE5JD6Ahi9dXwGvEQ', '["user"]', 'active', 1, 0, 1, NULL, 0, NULL, '{"💡":["𝔸𝖉𝒂","\\ '' \" ; --\n\ttab"],"n":0.1,"nested":{"null":null,"true":true}}', 1893456000123, 1893456000123, 3, NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-7186-9bc7-1ddd396ccef8', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["user"]', 'deleted', 1, 0, 0, NULL, 0, NULL, '{}', 1893456060123, 1898553599999, 2, NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-7233-8fe6-7b132a58cfa8', 'admin@example.com', 'admin@example.com', NULL, 'admin-person', 'admin-person', NULL, NULL, '$argon2id$v=19$m=8,t=1,p=1$1yS2B28QFZ30l/NiM2zP/A$8IU7lKqecpJdfg7INNIU4tlKXmIGf4zPnVYRDtaqEJs', '["admin","user"]', 'active', 0, 1, 0, NULL, 1, NULL, '{}', 1893456060123, 1893456060123, 2, NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-73e3-b548-16dd444a5f07', 'disabled@example.com', 'disabled@example.com', NULL, 'disabled-person', 'disabled-person', NULL, NULL, '$argon2id$v=19$m=8,t=1,p=1$FgKIxETqin4HVlupArqUDQ$fqOF6BPCnF/kyakWFyZ3oDzDKUGI9vcAtvzTDFCElqs', '[]', 'disabled', 1, 0, 0, NULL, 0, 1898553599999, '{}', 1893456060123, 1893456060123, 2, NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-7702-b475-87704d77653a', 'grace@example.com', 'grace@example.com', NULL, 'grace', 'grace', NULL, NULL, NULL, '["user"]', 'pending', 0, 0, 0, NULL, 0, NULL, '{}', 1893456060123, 1893456060123, 1, NULL);

insert into latchkey_sessions (id, user_id, salt, generation, parent_generation, recent, confirmed_generation, burnt_below, credential_epoch, auth_time, amr, actor_id, device, created_at, last_seen_at, idle_expires_at, absolute_expires_at, revoked_at, revoked_reason, changed_at) values ('01b8dac5-b47b-77fb-9624-b2777332e2e5', '01b8dac5-b47b-7378-abed-50b6a36a377e', 'xD26Zwn7TJgXrw-OBmaEjw', 1, NULL, '[]', 0, 0, 1, 1893456000123, '["pwd"]', NULL, '{"name":"Adas 💡 ''Telefon'' \\ 📱","ip":"2001:db8::1","userAgent":"Браузер/1.0 💡"}', 1893456000123, 1893456000123, 1894060800123, 1896048000123, 1893456000123, 'logout', 1893456000123);

insert into latchkey_sessions (id, user_id, salt, generation, parent_generation, recent, confirmed_generation, burnt_below, credential_epoch, auth_time, amr, actor_id, device, created_at, last_seen_at, idle_expires_at, absolute_expires_at, revoked_at, revoked_reason, changed_at) values ('01b8dac6-9edb-7f84-9497-e882d63b649c', '01b8dac5-b47b-7378-abed-50b6a36a377e', 'AWrTpLj45ERE8WaEHQlmZA', 2, 1, '[{"generation":1,"at":1893456060123}]', 1, 0, 1, 1893456060123, '["pwd"]', NULL, '{"name":"Adas 💡 ''Telefon'' \\ 📱","ip":"2001:db8::1","userAgent":"Браузер/1.0 💡"}', 1893456060123, 1893456060123, 1894060860123, 1896048060123, NULL, NULL, NULL);

insert into latchkey_one_time_tokens (id, user_id, purpose, slot, channel, link_hash, code_hash, code_expires_at, attempts_left, proves, credential_epoch, created_at, expires_at, data) values ('01b8dac6-9edb-7199-ae10-4ad463c37fc5', '01b8dac5-b47b-7378-abed-50b6a36a377e', 'reset_password', '', 'email', 'Qvbw4-8b1dv7w4ok_iy7VMgZF9bkiZkZwbGsjGmrvkg', 'EJty-psh4SMd-JbyR8HHxXTKt0Ym1z0rkpniF28FWpo', 1893456660123, 5, 'ada.lovelace@example.com', 1, 1893456060123, 1893457860123, '{}');

insert into latchkey_one_time_tokens (id, user_id, purpose, slot, channel, link_hash, code_hash, code_expires_at, attempts_left, proves, credential_epoch, created_at, expires_at, data) values ('01b8dac6-9edb-7412-b063-964759c5d3cb', '01b8dac6-9edb-7702-b475-87704d77653a', 'activate', '', 'email', 'inp9LA2lHb-ChjpVJ_xuStkA8gosM_TprjGk97BMRYk', 'IMQEg0Up50zDhfaIkUHirkzG3BPCqVIW-tmfQWM6boY', 1893456660123, 5, 'grace@example.com', 0, 1893456060123, 1893542460123, '{"passwordHash":"$argon2id$v=19$m=8,t=1,p=1$Zc4Opwjr3pYtejcoercj9w$Y/P4Cy7Vu8UKy/779eY2DBoOb06KuabP9iB1eFEW0jk","username":"grace","reserved":null,"shownUntil":1893542460123}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac5-b47b-752f-83ad-36e4a736e361', 1893456000123, 'session.started', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, '01b8dac5-b47b-77fb-9624-b2777332e2e5', '2001:db8::1', 'Браузер/1.0 💡', '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac5-b47b-7952-9f80-15b4cf9fa1dd', 1893456000123, 'user.registered', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac5-b47b-7b3a-ab5e-d02ef7d89387', 1893456000123, 'session.ended', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, '01b8dac5-b47b-77fb-9624-b2777332e2e5', NULL, NULL, '{"reason":"logout"}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac5-b47b-7e8f-a16d-796f96a35a14', 1893456000123, 'user.activated', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7158-baaa-1653a6256476', 1893456060123, 'user.created', 'success', '01b8dac6-9edb-7186-9bc7-1ddd396ccef8', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-742c-a4b5-da2d29be66a6', 1893456060123, 'session.started', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, '01b8dac6-9edb-7f84-9497-e882d63b649c', '2001:db8::1', 'Браузер/1.0 💡', '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-771e-8eb3-8be61227d8ad', 1893456060123, 'user.created', 'success', '01b8dac6-9edb-7233-8fe6-7b132a58cfa8', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-79e9-b3e5-324f1cecfc3d', 1893456060123, 'user.created', 'success', '01b8dac6-9edb-73e3-b548-16dd444a5f07', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7bec-a1de-c9a662d69ea2', 1893456060123, 'user.registered', 'success', '01b8dac6-9edb-7702-b475-87704d77653a', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7ca7-a7b4-423b5a7e048c', 1893456060123, 'password.reset_requested', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7d47-8170-8b2f109538e1', 1893456060123, 'login.failed', 'failure', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, NULL, NULL, NULL, '{"reason":"wrong_password"}');

insert into latchkey_migrations (name, timestamp) values ('0001-first-tables', '2026-11-21T06:14:14.766Z');

insert into latchkey_migration_lock (id, is_locked) values ('migration_lock', 0);
