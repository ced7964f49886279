-- Audit events carry a code of their own beside the chained one; keys, reveals, erasure.

-- Says that an event happened as it stands, whatever its place; NULL: written before this schema.
ALTER TABLE audit_event ADD COLUMN mac BLOB;
