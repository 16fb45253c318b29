-- What the file wants, of this import only. COPY may fill these tables: they have no row-level security.
CREATE TEMPORARY TABLE import_moment (written_at timestamptz NOT NULL) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_master (placeholder bigint PRIMARY KEY, id bigint NOT NULL) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_person (
  line integer PRIMARY KEY, recipient_id bigint, is_new boolean NOT NULL,
  code text NOT NULL, name text NOT NULL, kana text NOT NULL, search text NOT NULL,
  unit_id bigint, household_id bigint, language text NOT NULL, state smallint NOT NULL,
  sets_groups boolean NOT NULL, sets_positions boolean NOT NULL) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_contact (
  line integer NOT NULL, contact_id bigint, medium smallint NOT NULL, address text NOT NULL, address_key text NOT NULL,
  slot smallint NOT NULL, receives boolean NOT NULL, state smallint NOT NULL) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_member (line integer NOT NULL, group_id bigint NOT NULL) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_holder (line integer NOT NULL, position_id bigint NOT NULL) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_child (
  line integer NOT NULL, subject_id bigint, name text NOT NULL, kana text NOT NULL, class_name text NOT NULL) ON COMMIT DROP
