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
  KEY `latchkey_users_changed` (`changed_at`),
  KEY `latchkey_users_created` (`created_at`,`id`),
  KEY `latchkey_users_status_created` (`status`,`created_at`,`id`),
  KEY `latchkey_users_status_email` (`status`,`email`),
  KEY `latchkey_users_status_username` (`status`,`username`),
  KEY `latchkey_users_status_phone` (`status`,`phone`),
  KEY `latchkey_users_role_sets` (`role_set`),
  KEY `latchkey_users_due` (`delete_after`)
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
  `actor_session_id` varchar(36) DEFAULT NULL,
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
  `type_key` varchar(64) GENERATED ALWAYS AS (left(`type`,64)) VIRTUAL,
  PRIMARY KEY (`id`),
  KEY `latchkey_events_page` (`at`,`id`),
  KEY `latchkey_events_user` (`user_id`,`at`,`id`),
  KEY `latchkey_events_actor` (`actor_id`,`at`,`id`),
  KEY `latchkey_events_type` (`type_key`,`at`,`id`)
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

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac5-b47b-7d25-80c8-0a8b9c2dd32c', 'ada.lovelace@example.com', 'Ada.Lovelace@example.com', '2030-01-01 00:00:00.123', 'ada-l', 'Ada-L', '+4915112345678', '2030-02-28 23:59:59.999', '$argon2id$v=19$m=8,t=1,p=1$sLROvlHR9Z49re0X2iRinQ$T+qoWppQTEVOWLNbxNxVJJRV7WMONtzkMQO1FGW0UTE', '["user"]', 'active', '1', '0', '1', NULL, '0', NULL, '{"💡":["𝔸𝖉𝒂","\\\\ \' \\" ; --\\n\\ttab"],"n":0.1,"nested":{"null":null,"true":true}}', '2030-01-01 00:00:00.123', '2030-01-01 00:00:00.123', '3', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-719b-8188-3088ec0297df', 'moved-away@example.com', 'moved-away@example.com', '2030-01-01 00:01:00.123', 'moved', 'moved', NULL, NULL, '$argon2id$v=19$m=8,t=1,p=1$svvb50tsIUIS6Vo39AVqhg$Jxj/ayWRF3VdGwKX5XrLUo9bUvLuA3EzkBexcKn60/Y', '["user"]', 'active', '1', '0', '0', NULL, '0', NULL, '{}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '3', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-7349-974b-b688f40b5962', 'disabled@example.com', 'disabled@example.com', NULL, 'disabled-person', 'disabled-person', NULL, NULL, '$argon2id$v=19$m=8,t=1,p=1$bQh59Jg7wVfN8bk1dwL2Wg$0uDEwfQqwT4OGghAklvPqv0zJDDqIdil5Ct3h09n4fs', '[]', 'disabled', '1', '0', '0', NULL, '0', '2030-02-28 23:59:59.999', '{}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '2', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-73c7-b2d6-3f7bab44f2d3', 'chief@example.com', 'chief@example.com', NULL, 'chief', 'chief', NULL, NULL, '$argon2id$v=19$m=8,t=1,p=1$mwJnU1PVbZTVx2SOrPFyag$IpbHjnNOtoqLNHNiU9dQ4AjGK8K8oarn4h9E7U7iawU', '["admin"]', 'active', '0', '0', '0', NULL, '0', NULL, '{}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '1', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-7453-995d-c2cc754e3bee', 'admin@example.com', 'admin@example.com', NULL, 'admin-person', 'admin-person', NULL, NULL, '$argon2id$v=19$m=8,t=1,p=1$MFzVoXmku4cgwiWdz8/4sQ$64AIZ1J4nQNGuJP9HAswo/q05Fl9MW4GFBcEjUJBXAQ', '["admin","user"]', 'active', '0', '1', '0', NULL, '1', NULL, '{}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '2', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-755d-9268-7a519ea08d74', 'invited@example.com', 'invited@example.com', NULL, NULL, NULL, NULL, NULL, NULL, '["staff"]', 'pending', '0', '0', '0', NULL, '0', NULL, '{}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '1', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-75b2-af04-378b6f0fa01f', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["user"]', 'deleted', '1', '0', '0', NULL, '0', NULL, '{}', '2030-01-01 00:01:00.123', '2030-02-28 23:59:59.999', '2', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-7663-87bc-8d88542d7406', 'leaving@example.com', 'leaving@example.com', NULL, 'leaving', 'leaving', NULL, NULL, '$argon2id$v=19$m=8,t=1,p=1$mZHA9+giPm6eNGisd5uhsA$P3SkN9bZoaTQdu+Sb4zuxLOHp93b38Rqq0rz+0tZrCQ', '["user"]', 'active', '1', '0', '0', NULL, '0', '2030-01-02 00:01:00.123', '{}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '2', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-7d48-8875-c29e1c34ca18', 'grace@example.com', 'grace@example.com', NULL, 'grace', 'grace', NULL, NULL, NULL, '["user"]', 'pending', '0', '0', '0', NULL, '0', NULL, '{}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '1', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-7e02-adb4-e4c0cb785fa5', 'assisted@example.com', 'assisted@example.com', NULL, 'assisted', 'assisted', NULL, NULL, '$argon2id$v=19$m=8,t=1,p=1$9B1RNSInzalF/Mzm8R0uXA$6XJOVyCdMGM1K6J6cKgvsCgWfbOtDSzCr+02EiDbBio', '["staff","user"]', 'active', '0', '1', '0', NULL, '0', NULL, '{}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '2', NULL);

insert into latchkey_users (id, email, email_as_typed, email_verified_at, username, username_as_typed, phone, phone_verified_at, password_hash, roles, status, credential_epoch, claims_version, failed_logins, locked_until, leaving_admin, delete_after, profile, created_at, updated_at, version, changed_at) values ('01b8dac6-9edb-7f79-82ab-452eacfe072f', 'changing@example.com', 'changing@example.com', NULL, 'changing', 'changing', NULL, NULL, '$argon2id$v=19$m=8,t=1,p=1$qNeGENhQ/PL2p3XrOKKrfw$YEeQfKxIbjiTLt+L/BZAokbRY6l+ugIZDfCApp4XMvs', '["user"]', 'active', '0', '0', '0', NULL, '0', NULL, '{}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '1', NULL);

insert into latchkey_sessions (id, user_id, salt, generation, parent_generation, recent, confirmed_generation, burnt_below, credential_epoch, auth_time, amr, actor_id, device, created_at, last_seen_at, idle_expires_at, absolute_expires_at, revoked_at, revoked_reason, changed_at, actor_session_id) values ('01b8dac5-b47b-73ba-a98a-621d9f9c9411', '01b8dac5-b47b-7d25-80c8-0a8b9c2dd32c', 'e_Flr5j9oaEwycaeS8p8yg', '1', NULL, '[]', '0', '0', '1', '2030-01-01 00:00:00.123', '["pwd"]', NULL, '{"name":"Adas 💡 \'Telefon\' \\\\ 📱","ip":"2001:db8::1","userAgent":"Браузер/1.0 💡"}', '2030-01-01 00:00:00.123', '2030-01-01 00:00:00.123', '2030-01-08 00:00:00.123', '2030-01-31 00:00:00.123', '2030-01-01 00:00:00.123', 'logout', '2030-01-01 00:00:00.123000', NULL);

insert into latchkey_sessions (id, user_id, salt, generation, parent_generation, recent, confirmed_generation, burnt_below, credential_epoch, auth_time, amr, actor_id, device, created_at, last_seen_at, idle_expires_at, absolute_expires_at, revoked_at, revoked_reason, changed_at, actor_session_id) values ('01b8dac6-9edb-701c-bb13-0691a1386e43', '01b8dac6-9edb-7e02-adb4-e4c0cb785fa5', 'gaMFDOCeyfJQWpgwsX5VVw', '1', NULL, '[]', '0', '0', '0', '2030-01-01 00:01:00.123', '["pwd"]', '01b8dac6-9edb-73c7-b2d6-3f7bab44f2d3', '{"name":null,"ip":"192.0.2.7","userAgent":"Browser/1.0"}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '2030-01-01 00:16:00.123', '2030-01-01 00:16:00.123', NULL, NULL, NULL, '01b8dac6-9edb-71d7-8136-54d6fe6acd74');

insert into latchkey_sessions (id, user_id, salt, generation, parent_generation, recent, confirmed_generation, burnt_below, credential_epoch, auth_time, amr, actor_id, device, created_at, last_seen_at, idle_expires_at, absolute_expires_at, revoked_at, revoked_reason, changed_at, actor_session_id) values ('01b8dac6-9edb-7183-b8c7-4bf066f38d48', '01b8dac6-9edb-7663-87bc-8d88542d7406', 'D7y2soilImIMlq7mmHVwbg', '1', NULL, '[]', '1', '0', '0', '2030-01-01 00:01:00.123', '["pwd"]', NULL, '{"name":null,"ip":null,"userAgent":null}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '2030-01-08 00:01:00.123', '2030-01-31 00:01:00.123', '2030-01-01 00:01:00.123', 'deleted', '2030-01-01 00:01:00.123000', NULL);

insert into latchkey_sessions (id, user_id, salt, generation, parent_generation, recent, confirmed_generation, burnt_below, credential_epoch, auth_time, amr, actor_id, device, created_at, last_seen_at, idle_expires_at, absolute_expires_at, revoked_at, revoked_reason, changed_at, actor_session_id) values ('01b8dac6-9edb-71d7-8136-54d6fe6acd74', '01b8dac6-9edb-73c7-b2d6-3f7bab44f2d3', 'SlgqCfTUYtaXdOxxRQeaTg', '1', NULL, '[]', '1', '0', '0', '2030-01-01 00:01:00.123', '["pwd"]', NULL, '{"name":null,"ip":null,"userAgent":null}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '2030-01-08 00:01:00.123', '2030-01-31 00:01:00.123', NULL, NULL, NULL, NULL);

insert into latchkey_sessions (id, user_id, salt, generation, parent_generation, recent, confirmed_generation, burnt_below, credential_epoch, auth_time, amr, actor_id, device, created_at, last_seen_at, idle_expires_at, absolute_expires_at, revoked_at, revoked_reason, changed_at, actor_session_id) values ('01b8dac6-9edb-7369-b568-fead50d6d66e', '01b8dac6-9edb-719b-8188-3088ec0297df', 'Ou5iAsZGbTUyPA-93aV7PQ', '1', NULL, '[]', '1', '0', '1', '2030-01-01 00:01:00.123', '["pwd"]', NULL, '{"name":null,"ip":null,"userAgent":null}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '2030-01-08 00:01:00.123', '2030-01-31 00:01:00.123', NULL, NULL, NULL, NULL);

insert into latchkey_sessions (id, user_id, salt, generation, parent_generation, recent, confirmed_generation, burnt_below, credential_epoch, auth_time, amr, actor_id, device, created_at, last_seen_at, idle_expires_at, absolute_expires_at, revoked_at, revoked_reason, changed_at, actor_session_id) values ('01b8dac6-9edb-7d31-b1ff-24d09fa55d6e', '01b8dac6-9edb-7f79-82ab-452eacfe072f', 'nHtnNFZ3gzdofQbDxrmXBw', '1', NULL, '[]', '1', '0', '0', '2030-01-01 00:01:00.123', '["pwd"]', NULL, '{"name":null,"ip":null,"userAgent":null}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '2030-01-08 00:01:00.123', '2030-01-31 00:01:00.123', NULL, NULL, NULL, NULL);

insert into latchkey_sessions (id, user_id, salt, generation, parent_generation, recent, confirmed_generation, burnt_below, credential_epoch, auth_time, amr, actor_id, device, created_at, last_seen_at, idle_expires_at, absolute_expires_at, revoked_at, revoked_reason, changed_at, actor_session_id) values ('01b8dac6-9edb-7f96-aa4d-536a5be2c46a', '01b8dac5-b47b-7d25-80c8-0a8b9c2dd32c', 'iUsXHQVNHzRzCDEQKDvqKA', '2', '1', '[{"generation":1,"at":1893456060123}]', '1', '0', '1', '2030-01-01 00:01:00.123', '["pwd"]', NULL, '{"name":"Adas 💡 \'Telefon\' \\\\ 📱","ip":"2001:db8::1","userAgent":"Браузер/1.0 💡"}', '2030-01-01 00:01:00.123', '2030-01-01 00:01:00.123', '2030-01-08 00:01:00.123', '2030-01-31 00:01:00.123', NULL, NULL, NULL, NULL);

insert into latchkey_one_time_tokens (id, user_id, purpose, slot, channel, link_hash, code_hash, code_expires_at, attempts_left, proves, credential_epoch, created_at, expires_at, data) values ('01b8dac6-9edb-76b6-8218-6e27272db23d', '01b8dac6-9edb-7f79-82ab-452eacfe072f', 'change_phone', '', 'sms', 'yN53uVY9f-QzQ3x4ZYDC3bL-wIi5T43Ayh5BWxYQNk0', 'SRm_bH7s1DSfnMHzqGeI9sh-wbpl4dDD3YR1ie6sLVM', '2030-01-01 00:06:00.123', '5', '+14155552671', '0', '2030-01-01 00:01:00.123', '2030-01-01 01:01:00.123', '{"asTyped":"+14155552671","replaces":null}');

insert into latchkey_one_time_tokens (id, user_id, purpose, slot, channel, link_hash, code_hash, code_expires_at, attempts_left, proves, credential_epoch, created_at, expires_at, data) values ('01b8dac6-9edb-798d-821a-b3fa50ecbc53', '01b8dac5-b47b-7d25-80c8-0a8b9c2dd32c', 'reset_password', '', 'email', 'UJdB25-SVo7R6zF2ousc3VpyxEHZB186-eH646NFWm8', 'wDQHTKDdzfmtiqgZG0qq1uBW4_bfVf4j_P8oMILwS1Q', '2030-01-01 00:11:00.123', '5', 'ada.lovelace@example.com', '1', '2030-01-01 00:01:00.123', '2030-01-01 00:31:00.123', '{}');

insert into latchkey_one_time_tokens (id, user_id, purpose, slot, channel, link_hash, code_hash, code_expires_at, attempts_left, proves, credential_epoch, created_at, expires_at, data) values ('01b8dac6-9edb-7af3-8635-fba86db0cbf9', '01b8dac6-9edb-7d48-8875-c29e1c34ca18', 'activate', '', 'email', 'L9hzWn1AemkhnLhfaMnHhIOl6QuZX6DH8OB6ylo-Ftc', '4Nlta8wtB5GoZDVeycwud_zXnWmZapO6EB7nY-eqY5Y', '2030-01-01 00:11:00.123', '5', 'grace@example.com', '0', '2030-01-01 00:01:00.123', '2030-01-02 00:01:00.123', '{"passwordHash":"$argon2id$v=19$m=8,t=1,p=1$Er5N/BA9NtAUfmV6zUgpeA$Fs5DyNOUJVZlTGqGk/cCAilNEDgqlJAIMiDtuWgMJkg","profile":{},"unproved":null,"identifiers":{"email":"grace@example.com","username":"grace","phone":null},"reserved":null,"shownUntil":1893542460123}');

insert into latchkey_one_time_tokens (id, user_id, purpose, slot, channel, link_hash, code_hash, code_expires_at, attempts_left, proves, credential_epoch, created_at, expires_at, data) values ('01b8dac6-9edb-7e02-8c07-5860758a2252', '01b8dac6-9edb-7f79-82ab-452eacfe072f', 'change_email', '', 'email', 'fidHf9UJLRyrMOl7TXNMQyZqL7FGhiMBbrexm2Um0JI', 'J_yyMlK2QJjTbZryRVi8Ac2wOx95lxX9XxtMuvUYvsc', '2030-01-01 00:11:00.123', '5', 'changed@example.com', '0', '2030-01-01 00:01:00.123', '2030-01-01 01:01:00.123', '{"asTyped":"changed@example.com","replaces":{"canonical":"changing@example.com","asTyped":"changing@example.com","verifiedAt":null}}');

insert into latchkey_one_time_tokens (id, user_id, purpose, slot, channel, link_hash, code_hash, code_expires_at, attempts_left, proves, credential_epoch, created_at, expires_at, data) values ('01b8dac6-9edb-7eda-af2d-aab503376dbd', '01b8dac6-9edb-755d-9268-7a519ea08d74', 'invite', '', 'email', 'WhZqwkK3B1QWHV7QcJFt96mQTMKNKxM4iQD6mvAy1Q0', NULL, NULL, '5', 'invited@example.com', '0', '2030-01-01 00:01:00.123', '2030-01-08 00:01:00.123', '{}');

insert into latchkey_one_time_tokens (id, user_id, purpose, slot, channel, link_hash, code_hash, code_expires_at, attempts_left, proves, credential_epoch, created_at, expires_at, data) values ('01b8dac6-9edb-7fa3-91bd-772f7224a625', '01b8dac6-9edb-719b-8188-3088ec0297df', 'undo_email_change', '', 'email', 'dm37XqgeI7vd9Rj_I2FxZdk5J2KNa24e6t8GN74hLFU', NULL, NULL, '5', 'moved@example.com', '1', '2030-01-01 00:01:00.123', '2030-01-08 00:01:00.123', '{"canonical":"moved@example.com","asTyped":"moved@example.com","verifiedAt":1893456060123}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac5-b47b-7000-ae14-24d00b6e741c', '2030-01-01 00:00:00.123', 'user.registered', 'success', '01b8dac5-b47b-7d25-80c8-0a8b9c2dd32c', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac5-b47b-7001-9d82-52ffca0866bb', '2030-01-01 00:00:00.123', 'user.activated', 'success', '01b8dac5-b47b-7d25-80c8-0a8b9c2dd32c', NULL, NULL, NULL, NULL, '{"channel":"email"}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac5-b47b-7002-ab1e-dfb5ba709f91', '2030-01-01 00:00:00.123', 'session.started', 'success', '01b8dac5-b47b-7d25-80c8-0a8b9c2dd32c', NULL, '01b8dac5-b47b-73ba-a98a-621d9f9c9411', '2001:db8::1', 'Браузер/1.0 💡', '{"methods":["pwd"]}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac5-b47b-7003-bf34-06f7bb63f3f8', '2030-01-01 00:00:00.123', 'session.ended', 'success', '01b8dac5-b47b-7d25-80c8-0a8b9c2dd32c', NULL, '01b8dac5-b47b-73ba-a98a-621d9f9c9411', NULL, NULL, '{"reason":"logout"}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7000-aa5a-063a90f6f50a', '2030-01-01 00:01:00.123', 'session.started', 'success', '01b8dac5-b47b-7d25-80c8-0a8b9c2dd32c', NULL, '01b8dac6-9edb-7f96-aa4d-536a5be2c46a', '2001:db8::1', 'Браузер/1.0 💡', '{"methods":["pwd"]}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7002-ad0e-b87d7e2a5648', '2030-01-01 00:01:00.123', 'login.failed', 'failure', '01b8dac5-b47b-7d25-80c8-0a8b9c2dd32c', NULL, NULL, NULL, NULL, '{"reason":"wrong_password"}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7003-89b6-7650d2a3b646', '2030-01-01 00:01:00.123', 'password.reset_requested', 'success', '01b8dac5-b47b-7d25-80c8-0a8b9c2dd32c', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7004-a191-c1f0dc863860', '2030-01-01 00:01:00.123', 'user.registered', 'success', '01b8dac6-9edb-7d48-8875-c29e1c34ca18', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7005-819a-f0a02a6abb16', '2030-01-01 00:01:00.123', 'user.created', 'success', '01b8dac6-9edb-7453-995d-c2cc754e3bee', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7006-8dea-03f8cbd982c7', '2030-01-01 00:01:00.123', 'user.created', 'success', '01b8dac6-9edb-7349-974b-b688f40b5962', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7007-b78f-ffa4b8e7b004', '2030-01-01 00:01:00.123', 'user.created', 'success', '01b8dac6-9edb-75b2-af04-378b6f0fa01f', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7008-9681-96bd1d5401d5', '2030-01-01 00:01:00.123', 'user.created', 'success', '01b8dac6-9edb-73c7-b2d6-3f7bab44f2d3', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7009-8300-594582c7041c', '2030-01-01 00:01:00.123', 'session.started', 'success', '01b8dac6-9edb-73c7-b2d6-3f7bab44f2d3', NULL, '01b8dac6-9edb-71d7-8136-54d6fe6acd74', NULL, NULL, '{"methods":["pwd"]}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-700a-ad21-39aedcb68c78', '2030-01-01 00:01:00.123', 'user.created', 'success', '01b8dac6-9edb-7e02-adb4-e4c0cb785fa5', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-700b-8133-34e0a496ee00', '2030-01-01 00:01:00.123', 'user.roles_changed', 'success', '01b8dac6-9edb-7e02-adb4-e4c0cb785fa5', '01b8dac6-9edb-73c7-b2d6-3f7bab44f2d3', NULL, '192.0.2.7', 'Browser/1.0', '{"added":["staff"],"removed":[]}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-700c-bb7c-15d9ae22bc58', '2030-01-01 00:01:00.123', 'session.started', 'success', '01b8dac6-9edb-7e02-adb4-e4c0cb785fa5', '01b8dac6-9edb-73c7-b2d6-3f7bab44f2d3', '01b8dac6-9edb-701c-bb13-0691a1386e43', '192.0.2.7', 'Browser/1.0', '{"methods":["pwd"]}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-700d-a18d-ba0590b22599', '2030-01-01 00:01:00.123', 'user.impersonated', 'success', '01b8dac6-9edb-7e02-adb4-e4c0cb785fa5', '01b8dac6-9edb-73c7-b2d6-3f7bab44f2d3', '01b8dac6-9edb-701c-bb13-0691a1386e43', '192.0.2.7', 'Browser/1.0', '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-700e-8cca-efe1f194237e', '2030-01-01 00:01:00.123', 'user.created', 'success', '01b8dac6-9edb-755d-9268-7a519ea08d74', '01b8dac6-9edb-73c7-b2d6-3f7bab44f2d3', NULL, '192.0.2.7', 'Browser/1.0', '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-700f-bab2-374ebefd2f47', '2030-01-01 00:01:00.123', 'user.invited', 'success', '01b8dac6-9edb-755d-9268-7a519ea08d74', '01b8dac6-9edb-73c7-b2d6-3f7bab44f2d3', NULL, '192.0.2.7', 'Browser/1.0', '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7010-ba43-4da8ed49ca55', '2030-01-01 00:01:00.123', 'user.created', 'success', '01b8dac6-9edb-7663-87bc-8d88542d7406', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7011-8747-08d3ec2979eb', '2030-01-01 00:01:00.123', 'session.started', 'success', '01b8dac6-9edb-7663-87bc-8d88542d7406', NULL, '01b8dac6-9edb-7183-b8c7-4bf066f38d48', NULL, NULL, '{"methods":["pwd"]}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7012-afc6-b09a770fdd5c', '2030-01-01 00:01:00.123', 'user.deletion_scheduled', 'success', '01b8dac6-9edb-7663-87bc-8d88542d7406', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7013-866b-2acb06e19de4', '2030-01-01 00:01:00.123', 'user.registered', 'success', '01b8dac6-9edb-719b-8188-3088ec0297df', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7014-b649-6717227b4da4', '2030-01-01 00:01:00.123', 'user.activated', 'success', '01b8dac6-9edb-719b-8188-3088ec0297df', NULL, NULL, NULL, NULL, '{"channel":"email"}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7015-8f4b-00783c49d99f', '2030-01-01 00:01:00.123', 'session.started', 'success', '01b8dac6-9edb-719b-8188-3088ec0297df', NULL, '01b8dac6-9edb-7369-b568-fead50d6d66e', NULL, NULL, '{"methods":["pwd"]}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7016-ad5e-83ab108407ee', '2030-01-01 00:01:00.123', 'email.change_requested', 'success', '01b8dac6-9edb-719b-8188-3088ec0297df', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7017-8516-ac25b1224c6e', '2030-01-01 00:01:00.123', 'email.changed', 'success', '01b8dac6-9edb-719b-8188-3088ec0297df', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7018-bb05-ff691be0da0a', '2030-01-01 00:01:00.123', 'user.created', 'success', '01b8dac6-9edb-7f79-82ab-452eacfe072f', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-7019-94f8-95c8ee1cf226', '2030-01-01 00:01:00.123', 'session.started', 'success', '01b8dac6-9edb-7f79-82ab-452eacfe072f', NULL, '01b8dac6-9edb-7d31-b1ff-24d09fa55d6e', NULL, NULL, '{"methods":["pwd"]}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-701a-a9ee-cc7570454f03', '2030-01-01 00:01:00.123', 'email.change_requested', 'success', '01b8dac6-9edb-7f79-82ab-452eacfe072f', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_events (id, at, type, outcome, user_id, actor_id, session_id, ip, user_agent, data) values ('01b8dac6-9edb-701b-815f-b178052b92f2', '2030-01-01 00:01:00.123', 'phone.change_requested', 'success', '01b8dac6-9edb-7f79-82ab-452eacfe072f', NULL, NULL, NULL, NULL, '{}');

insert into latchkey_migrations (name, timestamp) values ('0001-first-tables', '2026-11-21T14:54:19.992Z');

insert into latchkey_migrations (name, timestamp) values ('0002-administration', '2026-11-21T14:54:20.029Z');

insert into latchkey_migration_lock (id, is_locked) values ('migration_lock', '0');
