-- A surrounding transaction may import again.
DROP TABLE import_moment, import_master, import_person, import_contact, import_member, import_holder, import_child
