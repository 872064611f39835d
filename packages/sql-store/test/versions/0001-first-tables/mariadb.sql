CREATE TABLE `latchkey_users` (
  `id` varchar(36) NOT NULL,
  `email` varchar(320) DEFAULT NULL,
  `email_as_typed` mediumtext DEFAULT NULL,
  `email_verified_at` datetime(3) DEFAULT NULL,
  `username` varchar(320) DEFAULT NULL,
  `username_as_typed` mediumtext DEFAULT NULL,
  `phone` varchar(320) DEFAULT NULL,
  `phone_verified_at` datetime(3) DEFAULT NULL,
  `password_hash` mediumtext DEFAULT NULL,
  `roles` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL CHECK (json_valid(`roles`)),
  `status` varchar(320) NOT NULL,
  `credential_epoch` int(11) NOT NULL,
  `claims_version` int(11) NOT NULL,
  `failed_logins` int(11) NOT NULL,
  `locked_until` datetime(3) DEFAULT NULL,
  `leaving_admin` tinyint(1) NOT NULL,
  `delete_after` datetime(3) DEFAULT NULL,
  `profile` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL CHECK (json_valid(`profile`)),
  `created_at` datetime(3) NOT NULL,
  `updated_at` datetime(3) NOT NULL,
  `version` int(11) NOT NULL,
  `changed_at` datetime(6) DEFAULT NULL,
  `role_set` binary(32) GENERATED ALWAYS AS (unhex(sha2(`roles`,256))) STORED,
  PRIMARY KEY (`id`),
  UNIQUE KEY `latchkey_users_email` (`email`),
  UNIQUE KEY `latchkey_users_username` (`username`),
  UNIQUE KEY `latchkey_users_phone` (`phone`),
  KEY `latchkey_users_roles` (`status`,`role_set`),
  KEY `latchkey_users_pending` (`status`,`updated_at`),
  KEY `latchkey_users_changed` (`changed_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `latchkey_sessions` (
  `id` varchar(36) NOT NULL,
  `user_id` varchar(36) NOT NULL,
  `salt` mediumtext NOT NULL,
  `generation` int(11) NOT NULL,
  `parent_generation` int(11) DEFAULT NULL,
  `recent` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL CHECK (json_valid(`recent`)),
  `confirmed_generation` int(11) NOT NULL,
  `burnt_below` int(11) NOT NULL,
  `credential_epoch` int(11) NOT NULL,
  `auth_time` datetime(3) NOT NULL,
  `amr` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL CHECK (json_valid(`amr`)),
  `actor_id` varchar(36) DEFAULT NULL,
  `device` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL CHECK (json_valid(`device`)),
  `created_at` datetime(3) NOT NULL,
  `last_seen_at` datetime(3) NOT NULL,
  `idle_expires_at` datetime(3) NOT NULL,
  `absolute_expires_at` datetime(3) NOT NULL,
  `revoked_at` datetime(3) DEFAULT NULL,
  `revoked_reason` mediumtext DEFAULT NULL,
  `changed_at` datetime(6) DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `latchkey_sessions_live` (`user_id`,`revoked_at`,`created_at`,`id`),
  KEY `latchkey_sessions_revoked` (`revoked_at`),
  KEY `latchkey_sessions_idle` (`idle_expires_at`),
  KEY `latchkey_sessions_absolute` (`absolute_expires_at`),
  KEY `latchkey_sessions_changed` (`changed_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `latchkey_one_time_tokens` (
  `id` varchar(36) NOT NULL,
  `user_id` varchar(36) NOT NULL,
  `purpose` varchar(320) NOT NULL,
  `slot` varchar(320) NOT NULL,
  `channel` mediumtext NOT NULL,
  `link_hash` varchar(320) NOT NULL,
  `code_hash` mediumtext DEFAULT NULL,
  `code_expires_at` datetime(3) DEFAULT NULL,
  `attempts_left` int(11) NOT NULL,
  `proves` mediumtext NOT NULL,
  `credential_epoch` int(11) NOT NULL,
  `created_at` datetime(3) NOT NULL,
  `expires_at` datetime(3) NOT NULL,
  `data` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL CHECK (json_valid(`data`)),
  PRIMARY KEY (`user_id`,`purpose`,`slot`),
  UNIQUE KEY `latchkey_one_time_tokens_link` (`link_hash`),
  KEY `latchkey_one_time_tokens_expiry` (`expires_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `latchkey_events` (
  `id` varchar(36) NOT NULL,
  `at` datetime(3) NOT NULL,
  `type` mediumtext NOT NULL,
  `outcome` mediumtext NOT NULL,
  `user_id` varchar(36) DEFAULT NULL,
  `actor_id` varchar(36) DEFAULT NULL,
  `session_id` varchar(36) DEFAULT NULL,
  `ip` mediumtext DEFAULT NULL,
  `user_agent` mediumtext DEFAULT NULL,
  `data` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL CHECK (json_valid(`data`)),
  PRIMARY KEY (`id`),
  KEY `latchkey_events_page` (`at`,`id`),
  KEY `latchkey_events_user` (`user_id`,`at`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

CREATE TABLE `latchkey_migrations` (
  `name` varchar(255) NOT NULL,
  `timestamp` varchar(255) NOT NULL,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

CREATE TABLE `latchkey_migration_lock` (
  `id` varchar(255) NOT NULL,
  `is_locked` int(11) NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac5-b47b-7378-abed-50b6a36a377e', 'ada.lovelace@example.com', 'Ada.Lovelace@example.com', '2030-01-01 00:00:00.123', 'ada-l', 'Ada-L', '+4915112345678', '2030-02-28 23:59:59.999', '$argon2id$v=19$m=8,t=1,p=1$H7QZWNXnVsU5bHtHdq75FQ$IlJqKOx720C0icbaPiRZ2EWZUVCE5JD6Ahi9dXwGvEQ', '["user"]', 'active', '1', '0', '1', NULL, '0', NULL, '{"💡":["𝔸𝖉𝒂","\\\\ \' \\" ; --\\n\\ttab"],"n":0.1,"nested":{"null":null,"true":true}}', '2030-01-01 00:00:00.123', '2030-01-01 00:00:00.123', '3', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-7186-9bc7-1ddd396ccef8', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["user"]', 'deleted', '1', '0', '0', NULL, '0', NULL, '{}', '2030-01-01 00:01:00.123', '2030-02-28 23:59:59.999', '2', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-7233-8fe6-7b132a58cfa8', 'admin@example.com', 'admin@example.com', NULL, 'admin-person', 'admin-person', NULL, NULL, '$argon2id$v=19$m=8,t=1,p=1$1yS2B28QFZ30l/NiM2zP/A$8IU7lKqecpJdfg7INNIU4tlKXmIGf4zPnVYRDtaqEJs', '["admin","user"]', 'active', '0', '1', '0', NULL, '1', NULL, '{}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '2', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-73e3-b548-16dd444a5f07', 'disabled@example.com', 'disabled@example.com', NULL, 'disabled-person', 'disabled-person', NULL, NULL, '$argon2id$v=19$m=8,t=1,p=1$FgKIxETqin4HVlupArqUDQ$fqOF6BPCnF/kyakWFyZ3oDzDKUGI9vcAtvzTDFCElqs', '[]', 'disabled', '1', '0', '0', NULL, '0', '2030-02-28 23:59:59.999', '{}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '2', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-7702-b475-87704d77653a', 'grace@example.com', 'grace@example.com', NULL, 'grace', 'grace', NULL, NULL, NULL, '["user"]', 'pending', '0', '0', '0', NULL, '0', NULL, '{}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '1', NULL);

insert into latchkey_sessions (id, user_id, salt, generation, parent_generation, recent, confirmed_generation, burnt_below, credential_epoch, auth_time, amr, actor_id, device, created_at, last_seen_at, idle_expires_at, absolute_expires_at, revoked_at, revoked_reason, changed_at) values ('01b8dac5-b47b-77fb-9624-b2777332e2e5', '01b8dac5-b47b-7378-abed-50b6a36a377e', 'xD26Zwn7TJgXrw-OBmaEjw', '1', NULL, '[]', '0', '0', '1', '2030-01-01 00:00:00.123', '["pwd"]', NULL, '{"name":"Adas 💡 \'Telefon\' \\\\ 📱","ip":"2001:db8::1","userAgent":"Браузер/1.0 💡"}', '2030-01-01 00:00:00.123', '2030-01-01 00:00:00.123', '2030-01-08 00:00:00.123', '2030-01-31 00:00:00.123', '2030-01-01 00:00:00.123', 'logout', '2030-01-01 00:00:00.123000');

insert into latchkey_sessions (id, user_id, salt, generation, parent_generation, recent, confirmed_generation, burnt_below, credential_epoch, auth_time, amr, actor_id, device, created_at, last_seen_at, idle_expires_at, absolute_expires_at, revoked_at, revoked_reason, changed_at) values ('01b8dac6-9edb-7f84-9497-e882d63b649c', '01b8dac5-b47b-7378-abed-50b6a36a377e', 'AWrTpLj45ERE8WaEHQlmZA', '2', '1', '[{"generation":1,"at":1893456060123}]', '1', '0', '1', '2030-01-01 00:01:00.123', '["pwd"]', NULL, '{"name":"Adas 💡 \'Telefon\' \\\\ 📱","ip":"2001:db8::1","userAgent":"Браузер/1.0 💡"}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '2030-01-08 00:01:00.123', '2030-01-31 00:01:00.123', NULL, NULL, NULL);

insert into latchkey_one_time_tokens (id, user_id, purpose, slot, channel, link_hash, code_hash, code_expires_at, attempts_left, proves, credential_epoch, created_at, expires_at, data) values ('01b8dac6-9edb-7199-ae10-4ad463c37fc5', '01b8dac5-b47b-7378-abed-50b6a36a377e', 'reset_password', '', 'email', 'Qvbw4-8b1dv7w4ok_iy7VMgZF9bkiZkZwbGsjGmrvkg', 'EJty-psh4SMd-JbyR8HHxXTKt0Ym1z0rkpniF28FWpo', '2030-01-01 00:11:00.123', '5', 'ada.lovelace@example.com', '1', '2030-01-01 00:01:00.123', '2030-01-01 00:31:00.123', '{}');

insert into latchkey_one_time_tokens (id, user_id, purpose, slot, channel, link_hash, code_hash, code_expires_at, attempts_left, proves, credential_epoch, created_at, expires_at, data) values ('01b8dac6-9edb-7412-b063-964759c5d3cb', '01b8dac6-9edb-7702-b475-87704d77653a', 'activate', '', 'email', 'inp9LA2lHb-ChjpVJ_xuStkA8gosM_TprjGk97BMRYk', 'IMQEg0Up50zDhfaIkUHirkzG3BPCqVIW-tmfQWM6boY', '2030-01-01 00:11:00.123', '5', 'grace@example.com', '0', '2030-01-01 00:01:00.123', '2030-01-02 00:01:00.123', '{"passwordHash":"$argon2id$v=19$m=8,t=1,p=1$Zc4Opwjr3pYtejcoercj9w$Y/P4Cy7Vu8UKy/779eY2DBoOb06KuabP9iB1eFEW0jk","username":"grace","reserved":null,"shownUntil":1893542460123}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac5-b47b-752f-83ad-36e4a736e361', '2030-01-01 00:00:00.123', 'session.started', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, '01b8dac5-b47b-77fb-9624-b2777332e2e5', '2001:db8::1', 'Браузер/1.0 💡', '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac5-b47b-7952-9f80-15b4cf9fa1dd', '2030-01-01 00:00:00.123', 'user.registered', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac5-b47b-7b3a-ab5e-d02ef7d89387', '2030-01-01 00:00:00.123', 'session.ended', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, '01b8dac5-b47b-77fb-9624-b2777332e2e5', NULL, NULL, '{"reason":"logout"}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac5-b47b-7e8f-a16d-796f96a35a14', '2030-01-01 00:00:00.123', 'user.activated', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7158-baaa-1653a6256476', '2030-01-01 00:01:00.123', 'user.created', 'success', '01b8dac6-9edb-7186-9bc7-1ddd396ccef8', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-742c-a4b5-da2d29be66a6', '2030-01-01 00:01:00.123', 'session.started', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, '01b8dac6-9edb-7f84-9497-e882d63b649c', '2001:db8::1', 'Браузер/1.0 💡', '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-771e-8eb3-8be61227d8ad', '2030-01-01 00:01:00.123', 'user.created', 'success', '01b8dac6-9edb-7233-8fe6-7b132a58cfa8', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-79e9-b3e5-324f1cecfc3d', '2030-01-01 00:01:00.123', 'user.created', 'success', '01b8dac6-9edb-73e3-b548-16dd444a5f07', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7bec-a1de-c9a662d69ea2', '2030-01-01 00:01:00.123', 'user.registered', 'success', '01b8dac6-9edb-7702-b475-87704d77653a', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7ca7-a7b4-423b5a7e048c', '2030-01-01 00:01:00.123', 'password.reset_requested', 'success', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7d47-8170-8b2f109538e1', '2030-01-01 00:01:00.123', 'login.failed', 'failure', '01b8dac5-b47b-7378-abed-50b6a36a377e', NULL, NULL, NULL, NULL, '{"reason":"wrong_password"}');

insert into latchkey_migrations (name, timestamp) values ('0001-first-tables', '2026-11-21T06:14:15.015Z');

insert into latchkey_migration_lock (id, is_locked) values ('migration_lock', '0');
