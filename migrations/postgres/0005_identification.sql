-- An id that a person gives must not be another order's.
CREATE INDEX orders_vendor_ref ON orders (organization_id, vendor, vendor_ref) WHERE vendor_ref IS NOT NULL;
